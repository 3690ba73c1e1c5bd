"""What the receiver of the day takes for an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from engine.simulator.client import PhoneClient, PhoneError
from engine.simulator.core import Simulator
from engine.simulator.messages import DEMO_BOT, Phone
from engine.simulator.server import ThreadServer, start_in_thread
from tests.chaos.receiver import Receiver, Seen, asked

CHAT = 101
RESULT = "Партия 2711/3 зарегистрирована. ОСГ: нет данных"


def seen(*texts: str, toasts: tuple[str, ...] = ()) -> Seen:
    messages: list[dict[str, Any]] = [
        {"id": at, "mine": False, "text": text, "keyboard": []} for at, text in enumerate(texts, 1)
    ]
    return Seen.of(messages, [{"text": text} for text in toasts])


@pytest.fixture
def simulator() -> Iterator[ThreadServer]:
    server = start_in_thread(Simulator([Phone(CHAT, "Приёмный")]))
    yield server
    server.stop()


def said(simulator: ThreadServer, method: str, **what: object) -> int:
    """Let the bot do something in his chat; return the number of the message, 0 without one."""
    address = f"{simulator.url}/bot{DEMO_BOT.token}/{method}"
    body = json.dumps({"chat_id": CHAT, **what}).encode()
    with urlopen(Request(address, body, {"Content-Type": "application/json"})) as answer:
        result = json.load(answer)["result"]
    return int(result["message_id"]) if isinstance(result, dict) else 0


def test_a_result_that_is_shown_again_is_no_number_of_the_next_delivery() -> None:
    before = seen(RESULT, "Главное меню")
    again = seen(RESULT, "Главное меню", RESULT)
    assert again.numbers == before.numbers == {"2711/3"}
    assert not again.differs(before)


def test_a_number_may_be_told_by_a_toast_and_an_apology_by_either() -> None:
    before = seen("Проверьте ответы")
    told = seen("Проверьте ответы", toasts=(f"Уже сохранено в 10:00. {RESULT}",))
    assert told.numbers == {"2711/3"}
    sorry = seen("Проверьте ответы", "Не получилось. Ничего не сохранено. Код ошибки K7F2")
    assert (before.apologies, told.apologies, sorry.apologies) == (0, 0, 1)
    assert told.differs(before)
    assert sorry.differs(before)


def test_who_is_asked_whether_to_go_on_goes_on_whatever_he_had_answered() -> None:
    offer = asked("Продолжить «Новая партия», шаг 5 из 22?\nВаш ответ: Главное меню")
    assert offer is not None
    assert offer[1:] == ("press", "Продолжить")


def test_he_knows_his_chat_by_what_changed_in_it(simulator: ThreadServer) -> None:
    phones = PhoneClient(simulator.url)
    receiver = Receiver(CHAT, phones)

    def sees() -> str:
        seen, whole = receiver.look(), phones.chat(CHAT)
        assert seen == Seen.of(whole["messages"], whole["toasts"])
        return str(seen.screen["text"])

    first = said(simulator, "sendMessage", text="Введите поставщика")
    assert sees() == "Введите поставщика"
    second = said(simulator, "sendMessage", text="Проверьте ответы")
    assert sees() == "Проверьте ответы"
    said(simulator, "editMessageText", message_id=first, text=f"Общая масса. {RESULT}")
    said(simulator, "deleteMessage", message_id=second)
    assert sees() == f"Общая масса. {RESULT}"
    phones.text(CHAT, "1000,5")
    said(simulator, "sendMessage", text="Не получилось. Код ошибки K7F2")
    assert sees() == f"Общая масса. {RESULT}"
    assert receiver.look().apologies == 1


def test_a_button_that_goes_while_it_is_pressed_fails_nobody(simulator: ThreadServer) -> None:
    receiver = Receiver(CHAT, PhoneClient(simulator.url))
    button = {"text": "Каркас", "callback_data": "1"}
    said(
        simulator, "sendMessage", text="Выберите вид сырья",
        reply_markup={"inline_keyboard": [[button]]},
    )  # fmt: skip
    screen = receiver.look().screen
    with pytest.raises(PhoneError, match="no «Шея» on 'Выберите вид сырья'"):
        receiver.press("Шея", screen)
    said(simulator, "editMessageText", message_id=screen["id"], text="Введите поставщика")
    assert not receiver.press("Каркас", screen)
    assert receiver.look().screen["text"] == "Введите поставщика"
