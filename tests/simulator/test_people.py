"""The people's side over HTTP, from synchronous code: what the page, tests and demos use."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from http.client import HTTPConnection
from threading import Timer
from typing import Any
from urllib.parse import urlencode

import pytest

from engine.simulator import samples
from engine.simulator.changes import ANY, Changes
from engine.simulator.client import LONGEST_WAIT_S, PhoneClient, PhoneError
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.server import ThreadServer, start_in_thread
from tests.engine.telegram.office import PATIENCE_S
from tests.simulator.cast import RECEIVER, TECHNOLOGIST

ADMIN = "http://127.0.0.1:8000/admin/"


class Wire:
    """A client without any library: forms and JSON, to see the bytes that go over."""

    def __init__(self, url: str) -> None:
        self._address = url.removeprefix("http://")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """POST a form to a method of the Bot API; return the whole body."""
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", f"/bot1:demo/{method}", urlencode(params).encode(), head)

    def send(
        self, verb: str, path: str, body: bytes | None = None, head: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a request; return its JSON."""
        connection = HTTPConnection(self._address, timeout=PATIENCE_S)
        connection.request(verb, path, body, head or {})
        found: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return found


@pytest.fixture
def running() -> Iterator[ThreadServer]:
    cast = [Phone(RECEIVER, "Ветров П. А.", "Приёмщик"), Phone(TECHNOLOGIST, "Орлова М. С.")]
    server = start_in_thread(Simulator(cast), admin_url=ADMIN)
    yield server
    server.stop()


@pytest.fixture
def phones(running: ThreadServer) -> PhoneClient:
    return PhoneClient(running.url)


@pytest.fixture
def wire(running: ThreadServer) -> Wire:
    return Wire(running.url)


def keyboard(**buttons: str) -> str:
    row = [{"text": text, "callback_data": data} for data, text in buttons.items()]
    return json.dumps({"inline_keyboard": [row]})


def test_the_bot_api_answers_forms_json_and_queries_alike(wire: Wire) -> None:
    form = wire.call("sendMessage", chat_id=RECEIVER, text="Раз")
    body = json.dumps({"chat_id": RECEIVER, "text": "Два"}).encode()
    head = {"Content-Type": "application/json"}
    sent = wire.send("POST", "/bot1:demo/sendMessage", body, head)
    query = urlencode({"chat_id": RECEIVER, "text": "Три"})
    asked = wire.send("GET", f"/bot1:demo/sendmessage?{query}")
    assert [one["result"]["text"] for one in (form, sent, asked)] == ["Раз", "Два", "Три"]


def test_a_refusal_has_the_body_of_telegram(wire: Wire) -> None:
    assert wire.call("sendMessage", chat_id=999, text="Раз") == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: chat not found",
    }
    assert wire.send("GET", "/bot1:other/getMe") == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }
    unknown = {"ok": False, "error_code": 404, "description": "Not Found"}
    assert wire.send("GET", "/bot1:demo/getNothing") == unknown
    assert wire.send("GET", "/botnobody/getMe") == unknown
    assert wire.send("GET", "/file/bot1:demo/documents/none.bin") == unknown


def test_a_429_tells_in_its_parameters_how_long_to_wait(phones: PhoneClient, wire: Wire) -> None:
    phones.faults(rate_limit=1, retry_after=5)
    assert wire.call("sendMessage", chat_id=RECEIVER, text="Раз") == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 5",
        "parameters": {"retry_after": 5},
    }


def test_phones_are_listed_added_and_renamed(phones: PhoneClient) -> None:
    phones.post("/sim/phones", {"chat_id": 103, "name": "Зимин К. Д.", "role_title": "Кладовщик"})
    phones.post("/sim/phones", {"chat_id": 103, "name": "Зимин К.", "role_title": "Аудитор"})
    listed = phones.get("/sim/phones")["phones"]
    assert [(one["chat_id"], one["name"], one["role_title"]) for one in listed] == [
        (RECEIVER, "Ветров П. А.", "Приёмщик"),
        (TECHNOLOGIST, "Орлова М. С.", ""),
        (103, "Зимин К.", "Аудитор"),
    ]


def test_the_state_tells_that_the_bot_starts_and_that_it_is_there(
    phones: PhoneClient, wire: Wire
) -> None:
    state = phones.get("/sim/state")
    assert (state["bot"]["status"], state["admin_url"]) == ("starting", ADMIN)
    wire.call("getUpdates")
    phones.wait_bot()
    assert phones.get("/sim/state")["bot"]["status"] == "online"


def test_a_press_by_place_label_or_data_reaches_the_bot(phones: PhoneClient, wire: Wire) -> None:
    keys = keyboard(yes="Да", no="Нет")
    sent = wire.call("sendMessage", chat_id=RECEIVER, text="Верно?", reply_markup=keys)["result"]
    place = {"message_id": sent["message_id"], "row": 0, "column": 1}
    by_place = phones.post(f"/sim/chats/{RECEIVER}/press", place)["query"]
    by_label = phones.press(RECEIVER, label="Да")
    by_data = phones.press(RECEIVER, data="no", message_id=sent["message_id"])
    updates = wire.call("getUpdates")["result"]
    assert [(one["callback_query"]["id"], one["callback_query"]["data"]) for one in updates] == [
        (by_place, "no"),
        (by_label, "yes"),
        (by_data, "no"),
    ]


def test_a_button_that_is_not_there_cannot_be_pressed(phones: PhoneClient, wire: Wire) -> None:
    wire.call("sendMessage", chat_id=RECEIVER, text="Верно?", reply_markup=keyboard(yes="Да"))
    with pytest.raises(PhoneError, match="нет кнопки «Нет»"):
        phones.press(RECEIVER, label="Нет")
    with pytest.raises(PhoneError, match="нет такой кнопки"):
        phones.post(f"/sim/chats/{RECEIVER}/press", {"message_id": 1, "row": 0, "column": 1})
    with pytest.raises(PhoneError, match="на клавиатуре нет кнопки"):
        phones.tap(RECEIVER, "Меню")


def test_a_forged_callback_carries_any_data(phones: PhoneClient, wire: Wire) -> None:
    with pytest.raises(PhoneError, match="нет сообщения бота"):
        phones.forge(RECEIVER, "save:1")
    sent = wire.call("sendMessage", chat_id=RECEIVER, text="Раз")["result"]
    phones.forge(RECEIVER, "save:1", sent["message_id"])
    query = wire.call("getUpdates")["result"][0]["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("save:1", sent["message_id"])


def test_ready_made_photos_go_as_an_album_or_as_files(phones: PhoneClient, wire: Wire) -> None:
    phones.samples(RECEIVER, ["truck", "cold"], caption="Фура")
    phones.samples(RECEIVER, ["waybill"], as_file=True)
    phones.samples(RECEIVER, ["pallet"])
    album, second, file, single = [one["message"] for one in wire.call("getUpdates")["result"]]
    assert album["media_group_id"] == second["media_group_id"]
    assert (album["caption"], "caption" in second) == ("Фура", False)
    assert (file["document"]["file_name"], file["document"]["mime_type"]) == (
        "waybill.jpg",
        "image/jpeg",
    )
    assert "media_group_id" not in single
    with pytest.raises(PhoneError, match="нет готового фото"):
        phones.samples(RECEIVER, ["moon"])


def test_an_upload_is_a_photo_or_a_file_and_nonsense_is_no_photo(
    phones: PhoneClient, wire: Wire
) -> None:
    phones.upload(RECEIVER, [("a.jpg", samples.photo("cold"), "image/jpeg")], caption="Кузов")
    phones.upload(RECEIVER, [("Акт.pdf", b"%PDF-1.7", "application/pdf")], as_file=True)
    with pytest.raises(PhoneError, match="это не фото"):
        phones.upload(RECEIVER, [("a.jpg", b"nonsense", "image/jpeg")])
    photo, file = [one["message"] for one in wire.call("getUpdates")["result"]]
    assert (photo["caption"], len(photo["photo"])) == ("Кузов", 4)
    assert (file["document"]["file_name"], file["document"]["file_size"]) == ("Акт.pdf", 8)


def test_a_picture_is_shown_and_any_other_file_is_only_saved(phones: PhoneClient) -> None:
    phones.upload(RECEIVER, [("a.html", b"<script>1</script>", "text/html")], as_file=True)
    media = phones.chat(RECEIVER)["messages"][0]["media"]
    connection = HTTPConnection(phones.url.removeprefix("http://"), timeout=PATIENCE_S)
    connection.request("GET", media["url"])
    answer = connection.getresponse()
    assert answer.read() == b"<script>1</script>"
    assert answer.getheader("Content-Type") == "application/octet-stream"
    assert str(answer.getheader("Content-Disposition")).startswith("attachment")
    connection.close()


def test_waiting_for_a_chat_ends_with_its_next_change(phones: PhoneClient, wire: Wire) -> None:
    before = phones.chat(RECEIVER)["revision"]
    later = Timer(0.2, lambda: wire.call("sendMessage", chat_id=RECEIVER, text="Раз"))
    later.start()
    change = phones.chat(RECEIVER, after=before, wait_s=LONGEST_WAIT_S)
    later.join()
    assert [one["text"] for one in change["messages"]] == ["Раз"]
    assert change["revision"] > before
    assert phones.chat(RECEIVER, after=change["revision"], wait_s=0.1)["messages"] == []
    assert phones.wait_text(RECEIVER, "Раз")["id"] == change["messages"][0]["id"]


def test_waiting_in_vain_says_what_was_seen_last(phones: PhoneClient, wire: Wire) -> None:
    wire.call("sendMessage", chat_id=RECEIVER, text="Другое")
    with pytest.raises(PhoneError, match="Другое"):
        phones.wait_text(RECEIVER, "Раз", timeout_s=0.2)


def test_the_answer_to_a_press_is_a_toast_of_that_press(phones: PhoneClient, wire: Wire) -> None:
    wire.call("sendMessage", chat_id=RECEIVER, text="Верно?", reply_markup=keyboard(yes="Да"))
    query = phones.press(RECEIVER, label="Да")
    wire.call("answerCallbackQuery", callback_query_id=query, text="Уже сделано")
    toast = phones.wait_toast(RECEIVER, query)
    assert (toast["text"], toast["alert"]) == ("Уже сделано", False)


def test_who_blocked_the_bot_cannot_write_to_it(phones: PhoneClient) -> None:
    phones.faults(blocked=[RECEIVER])
    assert phones.chat(RECEIVER)["blocked"]
    with pytest.raises(PhoneError, match="бот заблокирован"):
        phones.text(RECEIVER, "Раз")
    phones.post(f"/sim/chats/{RECEIVER}/block", {"blocked": False})
    phones.text(RECEIVER, "Раз")


def test_the_clock_goes_forward_on_request(phones: PhoneClient, wire: Wire) -> None:
    sent = wire.call("sendMessage", chat_id=RECEIVER, text="Раз")["result"]
    phones.post("/sim/clock", {"forward": 49 * 3600})
    number = sent["message_id"]
    told = wire.call("editMessageText", chat_id=RECEIVER, message_id=number, text="Два")
    assert told["description"] == "Bad Request: message can't be edited"


def test_a_request_that_makes_no_sense_is_refused_in_words(phones: PhoneClient) -> None:
    with pytest.raises(PhoneError, match="нет телефона"):
        phones.text(999, "Раз")
    with pytest.raises(PhoneError, match="пустое сообщение"):
        phones.text(RECEIVER, "  ")
    with pytest.raises(PhoneError, match="неверный запрос"):
        phones.get(f"/sim/chats/{RECEIVER}/messages", after="вчера")


def test_a_taken_port_is_said_at_once(running: ThreadServer) -> None:
    with pytest.raises(OSError, match="address already in use"):
        start_in_thread(Simulator(), port=int(running.url.rsplit(":", 1)[1]))


def test_half_a_character_breaks_nothing(phones: PhoneClient, wire: Wire) -> None:
    phones.text(RECEIVER, "\ud83d")
    body = b'{"chat_id": 101, "text": "<b>\\ud83d</b>", "parse_mode": "HTML"}'
    assert wire.send("POST", "/bot1:demo/sendMessage", body, {"Content-Type": "application/json"})[
        "ok"
    ]
    assert len(phones.chat(RECEIVER)["messages"]) == 2
    assert wire.call("getUpdates")["ok"]


async def test_who_waits_for_a_chat_is_woken_by_its_changes_alone() -> None:
    changes = Changes()
    one, whatever = (asyncio.create_task(changes.wait(LONGEST_WAIT_S, chat)) for chat in (7, ANY))
    await asyncio.sleep(0)
    changes.bump(8)
    assert await whatever
    assert not one.done()
    changes.bump(7)
    assert await one
