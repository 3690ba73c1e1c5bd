"""The phones page in a real browser: what a technologist sees and does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from engine.simulator.client import PhoneClient
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.server import ThreadServer, start_in_thread
from tests.e2e.conftest import PATIENCE_MS
from tests.simulator.cast import RECEIVER, TECHNOLOGIST

STORES = 103
LAB = 104
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def running() -> Iterator[ThreadServer]:
    cast = [
        Phone(RECEIVER, "Ветров П. А.", "Приёмщик"),
        Phone(TECHNOLOGIST, "Орлова М. С.", "Главный технолог"),
        Phone(STORES, "Зимин К. Д.", "Кладовщик"),
        Phone(LAB, "Лапина О. В.", "Лаборант"),
    ]
    server = start_in_thread(Simulator(cast), admin_url="http://127.0.0.1:8000/admin/")
    yield server
    server.stop()


class Desk:
    """A page that remembers every error, and the bot's hand."""

    def __init__(self, browser: Browser, url: str, width: int, height: int) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", lambda got: self._answered(got.status, got.url))
        self.phones = PhoneClient(url)
        self.page.goto(url)
        self.page.locator(".phone").first.wait_for()

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.errors.append(text)

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.errors.append(f"{status} {url}")

    def bot(self, method: str, **params: Any) -> Any:
        """Do a method of the Bot API, as the bot would."""
        return self.phones.post(f"/bot1:demo/{method}", params)["result"]

    def query(self) -> dict[str, Any]:
        """Wait for the newest update to be a press, and return it."""
        for _ in range(30):
            updates = self.bot("getUpdates")
            if updates and "callback_query" in updates[-1]:
                return dict(updates[-1]["callback_query"])
            self.page.wait_for_timeout(100)
        raise AssertionError("no press came")

    def phone(self, chat_id: int) -> Any:
        """Return the phone of a chat on the page."""
        return self.page.locator(f".phone[data-chat='{chat_id}']")

    def overflow(self) -> int:
        """Return how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.fixture
def desk(browser: Browser, running: ThreadServer) -> Iterator[Desk]:
    opened = Desk(browser, running.url, 1280, 800)
    yield opened
    opened.context.close()


@pytest.fixture
def pocket(browser: Browser, running: ThreadServer) -> Iterator[Desk]:
    opened = Desk(browser, running.url, 390, 844)
    yield opened
    opened.context.close()


def keys(*labels: str) -> str:
    row = [{"text": label, "callback_data": label} for label in labels]
    return json.dumps({"inline_keyboard": [row]})


def test_three_phones_stand_side_by_side_and_the_bot_is_starting(desk: Desk) -> None:
    expect(desk.page.locator(".phone")).to_have_count(3)
    lefts = [desk.page.locator(".phone").nth(number).bounding_box() for number in range(3)]
    assert all(box is not None and box["x"] + box["width"] <= 1280 for box in lefts)
    expect(desk.page.get_by_role("status").first).to_have_text("бот запускается…")
    link = desk.page.get_by_role("link", name="Открыть админку")
    assert link.get_attribute("href") == "http://127.0.0.1:8000/admin/"
    desk.bot("getUpdates")
    expect(desk.page.get_by_role("status").first).to_have_text("бот на связи")
    assert (desk.overflow(), desk.errors) == (0, [])


def test_a_conversation_goes_by_hand_from_start_to_an_answered_press(desk: Desk) -> None:
    phone = desk.phone(RECEIVER)
    phone.get_by_role("button", name="Начать").click()
    expect(phone.locator(".message.mine")).to_contain_text("/start")
    menu = json.dumps({"keyboard": [[{"text": "Новая партия"}]]})
    desk.bot("sendMessage", chat_id=RECEIVER, text="Меню", reply_markup=menu)
    phone.get_by_role("button", name="Новая партия").click()
    text = "Масса <b>12,5</b> кг & <i>верно</i>?".replace("&", "&amp;")
    desk.bot(
        "sendMessage", chat_id=RECEIVER, text=text, parse_mode="HTML", reply_markup=keys("✅ Да")
    )
    expect(phone.locator(".message.bot b", has_text="12,5")).to_be_visible()
    phone.get_by_role("button", name="✅ Да").click()
    expect(phone.locator(".key.busy")).to_have_count(1)
    query = desk.query()
    desk.bot("answerCallbackQuery", callback_query_id=query["id"], text="Записано")
    expect(phone.locator(".toast")).to_have_text("Записано")
    expect(phone.locator(".key.busy")).to_have_count(0)
    number = query["message"]["message_id"]
    desk.bot("editMessageText", chat_id=RECEIVER, message_id=number, text="Готово")
    expect(phone.locator(".message.bot").last).to_contain_text("Готово")
    expect(phone.locator(".key")).to_have_count(0)
    said = [one["message"]["text"] for one in desk.bot("getUpdates") if "message" in one]
    assert said == ["/start", "Новая партия"]
    assert desk.errors == []


def test_what_a_person_types_is_shown_literally(desk: Desk) -> None:
    phone = desk.phone(TECHNOLOGIST)
    box = phone.get_by_role("textbox")
    box.fill("<b>да</b> & _нет_")
    box.press("Enter")
    expect(phone.locator(".message.mine .text")).to_have_text("<b>да</b> & _нет_")
    expect(box).to_have_value("")
    assert desk.bot("getUpdates")[0]["message"]["text"] == "<b>да</b> & _нет_"


def test_an_alert_waits_until_it_is_read(desk: Desk) -> None:
    phone = desk.phone(RECEIVER)
    desk.bot("sendMessage", chat_id=RECEIVER, text="Верно?", reply_markup=keys("Да"))
    phone.get_by_role("button", name="Да", exact=True).click()
    desk.bot(
        "answerCallbackQuery", callback_query_id=desk.query()["id"], text="Точно?", show_alert=True
    )
    expect(phone.get_by_role("alertdialog")).to_contain_text("Точно?")
    phone.get_by_role("button", name="Понятно").click()
    expect(phone.get_by_role("alertdialog")).to_have_count(0)


def test_photos_are_ready_made_uploaded_and_opened_large(desk: Desk, tmp_path: Path) -> None:
    phone = desk.phone(RECEIVER)
    phone.get_by_role("button", name="Прикрепить").click()
    phone.get_by_role("button", name="Фура").click()
    phone.get_by_role("button", name="ТТН", exact=True).click()
    phone.get_by_role("button", name="Отправить: 2").click()
    expect(phone.locator(".photos[data-count='2'] img")).to_have_count(2)
    phone.get_by_role("button", name="Прикрепить").click()
    phone.get_by_text("отправить как файл").click()
    phone.get_by_role("button", name="УПД").click()
    phone.get_by_role("button", name="Отправить: 1").click()
    expect(phone.locator(".file")).to_contain_text("upd.jpg")
    paper = tmp_path / "Акт.pdf"
    paper.write_bytes(b"%PDF-1.7")
    phone.get_by_role("button", name="Прикрепить").click()
    phone.get_by_label("Файл", exact=True).set_input_files(paper)
    expect(phone.locator(".file").last).to_contain_text("Акт.pdf")
    phone.locator(".photo").first.click()
    expect(desk.page.locator(".viewer img")).to_be_visible()
    broken = "[...document.images].filter(one => one.src && !(one.complete && one.naturalWidth))"
    desk.page.wait_for_function(f"{broken}.length === 0")
    desk.page.keyboard.press("Escape")
    kinds = [sorted(one["message"]) for one in desk.bot("getUpdates")]
    assert ["photo" in kind for kind in kinds] == [True, True, False, False]
    assert desk.errors == []


def test_a_chip_shows_another_phone_and_counts_what_was_not_seen(desk: Desk) -> None:
    chip = desk.page.get_by_role("button", name="Лаборант")
    expect(chip).to_have_attribute("aria-pressed", "false")
    desk.bot("sendMessage", chat_id=LAB, text="Новая партия")
    expect(chip.locator(".badge")).to_have_text("1")
    chip.click()
    expect(desk.phone(LAB)).to_be_visible()
    expect(chip.locator(".badge")).to_be_hidden()
    desk.page.get_by_role("button", name="Кладовщик").click()
    expect(desk.page.locator(".phone")).to_have_count(3)
    desk.page.reload()
    expect(desk.phone(LAB)).to_be_visible()
    expect(desk.phone(STORES)).to_have_count(0)


def test_faults_are_set_and_the_bot_is_blocked_and_unblocked(desk: Desk) -> None:
    desk.page.get_by_text("Сбои", exact=True).click()
    desk.page.get_by_role("button", name="Дублировать обновления").click()
    expect(desk.page.locator(".tools .count")).to_have_text("3")
    desk.page.get_by_role("button", name="429").click()
    expect(desk.page.locator(".tools .count")).to_have_text("6")
    desk.page.get_by_label("Чей телефон").select_option(str(STORES))
    desk.page.get_by_role("button", name="Заблокировать бота").click()
    unblock = desk.phone(STORES).get_by_role("button", name="Разблокировать бота")
    expect(unblock).to_be_visible()
    assert desk.phones.chat(STORES)["blocked"]
    desk.page.get_by_role("button", name="Убрать все сбои").click()
    expect(desk.page.locator(".tools .count")).to_be_hidden()
    desk.page.locator("h1").click()
    unblock.click()
    expect(unblock).to_be_hidden()


def test_on_a_telephone_there_is_one_phone_at_a_time(pocket: Desk) -> None:
    box = pocket.phone(RECEIVER).bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    pocket.bot("sendMessage", chat_id=TECHNOLOGIST, text="щ" * 300, reply_markup=keys("Да", "Нет"))
    pocket.page.get_by_role("button", name="Главный технолог").click()
    pocket.page.wait_for_function("document.querySelector('.phones').scrollLeft === 390")
    expect(pocket.phone(TECHNOLOGIST).get_by_role("button", name="Нет")).to_be_in_viewport()
    chip = pocket.page.get_by_role("button", name="Главный технолог")
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert (pocket.overflow(), pocket.errors) == (0, [])


def test_the_page_comes_back_by_itself_when_the_server_does(
    desk: Desk, running: ThreadServer
) -> None:
    desk.bot("sendMessage", chat_id=RECEIVER, text="Раньше")
    expect(desk.phone(RECEIVER).locator(".message")).to_contain_text("Раньше")
    running.stop()
    expect(desk.page.get_by_text("Нет связи с сервером")).to_be_visible()
    cast = [Phone(RECEIVER, "Ветров П. А.", "Приёмщик")]
    again = start_in_thread(Simulator(cast), port=int(desk.phones.url.rsplit(":", 1)[1]))
    expect(desk.page.get_by_text("Нет связи с сервером")).to_be_hidden()
    expect(desk.phone(RECEIVER).locator(".message")).to_have_count(0)
    again.stop()
