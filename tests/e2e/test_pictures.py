"""What people see: the phones page, the list of raw batches and a card, as pictures that README.md
shows.

The pictures go to `var/pictures`; `make pictures` copies them to `docs/pictures`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from engine.simulator.client import PhoneError
from tests.e2e.conftest import ROOT, Plant, chat, opened, sign_in

PICTURES = ROOT / "var" / "pictures"
LARGEST = 300_000  # bytes
DESKTOP, PHONE, TALL = (1280, 800), (390, 844), (1280, 1480)


@pytest.fixture(scope="module")
def busy(supplied: Plant) -> Iterator[Plant]:
    """A plant where one delivery is taken and another one waits for the technologist, until it is
    given up: other files look at this plant too."""
    receiver, phones = chat("receiver"), supplied.phones
    phones.text(receiver, "/start")
    for title in (
        "Новая партия",
        "ООО «Учебная компания 2»",
        "СЛЧ",
        "Спинка ЦБ",
        "Охлаждённое",
        "Пропустить",
    ):
        _press(supplied, receiver, title)
    phones.samples(receiver, ["warm"])
    phones.wait_text(receiver, "Температура кузова при открытии, °C")
    phones.text(receiver, "6,5")
    phones.wait_text(receiver, "Приёмка временно запрещена")
    phones.wait_text(chat("technologist"), "при норме −2,0…4,0")
    yield supplied
    phones.text(receiver, "/cancel")
    phones.wait_text(receiver, "Точно отменить?")
    _press(supplied, receiver, "Да, отменить")
    phones.wait_text(receiver, "Отменено. Ничего не сохранено")


def _press(plant: Plant, who: int, title: str) -> None:
    """Press a button as soon as the chat has it."""
    deadline = time.monotonic() + plant.phones.timeout_s
    while True:
        try:
            newest = max(message["id"] for message in plant.phones.chat(who)["messages"])
            query = plant.phones.press(who, title, message_id=newest)
        except PhoneError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
            continue
        plant.phones.wait_toast(who, query)
        return


def save(page: Page, name: str) -> None:
    """Keep what the page shows, its colours to six bits each: of eight, shades of the ground alone
    take more than the README allows, and a palette would recolour faces."""
    page.wait_for_timeout(300)
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    PICTURES.mkdir(parents=True, exist_ok=True)
    path: Path = PICTURES / f"{name}.png"
    shot.point([shade & 0xFC | 2 for shade in range(256)] * 3).save(path, optimize=True)
    assert path.stat().st_size <= LARGEST


@pytest.mark.parametrize(("name", "size"), [("phones_1280", DESKTOP), ("phones_390", PHONE)])
def test_the_phones_page_shows_a_form_that_waits_for_a_decision(
    busy: Plant, browser: Browser, name: str, size: tuple[int, int]
) -> None:
    with opened(browser, busy.phones_url, size) as page:
        page.get_by_text("Приёмка временно запрещена").first.wait_for()
        expect(page.get_by_text("Исправить значение").first).to_be_in_viewport()
        if size == DESKTOP:
            assert (
                page.get_by_text("✅ Подтвердить").first.is_visible()
                or page.get_by_text("Подтвердить").first.is_visible()
            )
        save(page, name)


def test_the_office_lists_the_batch_and_shows_its_card(busy: Plant, browser: Browser) -> None:
    with opened(browser, f"{busy.office_url}/admin/login/", DESKTOP) as page:
        sign_in(page, busy)
        page.goto(f"{busy.office_url}/admin/production/rawbatch/")
        page.get_by_text("Птицефабрика «Примерная»").first.wait_for()
        listed = page.inner_text("body")
        assert "Каркас" in listed
        assert "18 250,500" in listed.replace("\N{NARROW NO-BREAK SPACE}", " ").replace(
            "\N{NO-BREAK SPACE}", " "
        )
        hidden = "n => n.closest('.overflow-x-auto, .overflow-auto') ?? n.parentElement"
        frame = page.locator("#result_list").evaluate_handle(hidden)
        assert frame.evaluate("n => n.scrollWidth - n.clientWidth") == 0
        save(page, "raw_batches")
        page.locator("#result_list a, table a").filter(has_text="/3").first.click()
        page.get_by_text("Акт входного контроля").first.wait_for()
        assert "ТТН-4471" in page.inner_text("body")
        page.set_viewport_size({"width": TALL[0], "height": TALL[1]})
        page.get_by_text("Фото и сканы").first.wait_for()
        page.wait_for_load_state("networkidle")
        save(page, "raw_batch_card")


def test_the_demo_tells_where_it_is_and_that_the_bot_starts(plant: Plant) -> None:
    assert "бот запускается…" in plant.said
    assert "Телефоны рабочих" in plant.said
    assert "/admin/" in plant.said
