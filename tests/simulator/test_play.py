"""A `.talk` played on phones over HTTP, with a small bot behind them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.simulator.client import PhoneClient
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.play import play_over_http
from engine.simulator.server import start_in_thread
from engine.talk.parse import TalkError
from tests.simulator.cast import RECEIVER, TECHNOLOGIST

CHATS = {"receiver": RECEIVER, "lab": TECHNOLOGIST}


class SmallBot:
    """Asks for a weight, takes a photo, saves on a press, tells the laboratory."""

    def __init__(self, url: str) -> None:
        self._wire = PhoneClient(url)
        self._going = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._going = False
        self._thread.join()

    def _call(self, method: str, **params: Any) -> Any:
        return self._wire.post(f"/bot1:demo/{method}", params)["result"]

    def _run(self) -> None:
        offset = 0
        while self._going:
            for update in self._call("getUpdates", offset=offset, timeout=0):
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    self._pressed(update["callback_query"])
                else:
                    self._heard(update["message"])

    def _heard(self, message: dict[str, Any]) -> None:
        if "text" in message and message["text"] == "/start":
            self._call("sendMessage", chat_id=RECEIVER, text="Общая масса, кг")
        elif "text" in message:
            self._call("sendMessage", chat_id=RECEIVER, text=f"Записано: {message['text']}. Фото?")
        else:
            key = {"text": "✅ Сохранить", "callback_data": "save"}
            markup = json.dumps({"inline_keyboard": [[key]]})
            self._call("sendMessage", chat_id=RECEIVER, text="Проверьте", reply_markup=markup)

    def _pressed(self, query: dict[str, Any]) -> None:
        number = query["message"]["message_id"]
        self._call(
            "editMessageText", chat_id=RECEIVER, message_id=number, text="Партия 2411/7 готова"
        )
        self._call("answerCallbackQuery", callback_query_id=query["id"], text="Сохранено")
        self._call("sendMessage", chat_id=TECHNOLOGIST, text="Новая партия 2411/7")


@pytest.fixture
def url() -> Iterator[str]:
    phones = [Phone(RECEIVER, "Ветров П. А."), Phone(TECHNOLOGIST, "Лапина О. В.")]
    server = start_in_thread(Simulator(phones))
    bot = SmallBot(server.url)
    yield server.url
    bot.stop()
    server.stop()


def talk(folder: Path, *lines: str) -> Path:
    path = folder / "small.talk"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_talk_is_played_to_its_end_whatever_number_the_batch_gets(
    url: str, tmp_path: Path
) -> None:
    lines = (
        "# a small talk",
        "receiver> /start",
        "receiver< …масса…",
        "receiver> 18 250,5",
        "receiver< Записано: 18 250,5…",
        "receiver<! …Проверьте…",
        "receiver> {photo 2}",
        "receiver< [Сохранить]",
        "= records 0",
        "receiver> [Сохранить]",
        "receiver<< Сохранено",
        "receiver< Партия 2211/3 готова",
        "lab< Новая партия 2211/3",
    )
    play_over_http(talk(tmp_path, *lines), url, CHATS)
    seen = PhoneClient(url).chat(RECEIVER)["messages"]
    assert seen[-1]["text"] == "Партия 2411/7 готова"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("receiver< …паллета…", "не дождались: «…паллета…»"),
        ("receiver> [Сохранить]", "нет кнопки"),
        ("receiver> [[Сохранить]]", "старую кнопку"),
        ("receiver> {moon}", "{moon} по телефону не отправить"),
        ("driver> да", "нет телефона «driver». Есть: lab, receiver"),
        ("* restart", "по телефону не сыграть"),
        ("receiver<< Сохранено", "ждали во всплывающем"),
    ],
)
def test_the_first_line_that_does_not_hold_ends_the_talk_with_its_place(
    url: str, tmp_path: Path, line: str, why: str
) -> None:
    with pytest.raises(TalkError) as error:
        play_over_http(talk(tmp_path, "receiver> /start", line), url, CHATS, timeout_s=3.0)
    assert str(error.value).startswith("small.talk:2: ")
    assert why in str(error.value)
