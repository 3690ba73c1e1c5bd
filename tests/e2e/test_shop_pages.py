"""The forms in the office, the live board and the quality pages in a real browser, in Russian and
English, light and dark, at the widths of a desk and of a tablet: a technologist's way from a file
to a published version and back, a wall that outlives its server, and the two ways of a newcomer
into the bot.

With `SHOTS` in the environment, pictures of what was seen are kept in that folder."""

from __future__ import annotations

import os
import re
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DESK, PATIENCE_MS, TABLET, WIDER, Plant, opened, sign_in
from tests.e2e.test_every_page import TONES, wear

WALL, SMALL_WALL = (1920, 1080), (1280, 720)
EASY_PX = 10  # letters of a small wall, of a full one
INVITED, STRANGER = 9_200_001, 9_200_002
PAGES = {
    "forms": "/admin/forms/",
    "form": "/admin/forms/one/raw_intake/",
    "control": "/admin/control-charts/?characteristic=body_temp",
    "causes": "/admin/deviation-causes/",
    "board": "/admin/board/",
}


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    folder = os.environ.get("SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_page_fits_and_asks_nobody_else(
    supplied: Plant, browser: Browser, language: str
) -> None:
    with opened(browser, f"{supplied.office_url}/admin/login/", DESK, language) as page:
        sign_in(page, supplied)
        for name, path in PAGES.items():
            page.goto(f"{supplied.office_url}{path}")
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.lang") == language
            for size, tone in product((DESK, TABLET), TONES):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                wear(page, tone)
                shot(page, f"{name}-{language}-{tone}-{size[0]}")
                assert (name, size, tone, page.evaluate(WIDER)) == (name, size, tone, 0)


def test_a_version_is_checked_published_by_a_technologist_and_taken_back(
    supplied: Plant, browser: Browser, forms: Path, tmp_path: Path
) -> None:
    intake = forms / "receiving/raw_intake.yaml"
    before = intake.read_text("utf-8")
    file = tmp_path / "raw_intake.yaml"

    def send(page: Page, text: str) -> None:
        file.write_text(text, "utf-8")
        page.goto(f"{supplied.office_url}/admin/forms/")
        page.set_input_files("input[name=files]", file)
        page.get_by_label("Причина").fill("новый вопрос")
        page.get_by_role("button", name="Проверить и показать различия").click()

    with opened(browser, f"{supplied.office_url}/admin/login/", DESK) as page:
        sign_in(page, supplied)
        send(page, before.replace("from: companies", "from: companis"))
        expect(page.locator(".office-source mark")).to_have_text("companis")
        expect(page.get_by_text("возможно").first).to_be_visible()
        assert page.get_by_role("button", name="Опубликовать").count() == 0
        shot(page, "proposal-wrong")

        send(page, before.replace("prompt: Номер ТТН", "prompt: Номер накладной"))
        expect(page.locator(".office-diff .is-added").last).to_contain_text("Номер накладной")
        shot(page, "proposal-right")
        assert intake.read_text("utf-8") == before
        page.get_by_role("button", name="Опубликовать").click()
        expect(page.get_by_text("Опубликована версия форм")).to_be_visible()
        assert "Номер накладной" in intake.read_text("utf-8")

        versions = page.locator("section", has_text="Стала текущей").locator("tbody tr a")
        expect(versions).to_have_count(2)
        shot(page, "forms-published")
        versions.last.click()
        page.get_by_label("Причина").fill("вопрос не нужен")
        shot(page, "version")
        page.get_by_role("button", name="Вернуть эту версию").click()
        page.get_by_role("button", name="Опубликовать").click()
        expect(page.get_by_text("Опубликована версия форм")).to_be_visible()
    assert intake.read_text("utf-8") == before


def test_a_wall_says_since_when_nobody_answers_and_goes_on_by_itself(
    supplied: Plant, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": WALL[0], "height": WALL[1]})
    page = context.new_page()
    try:
        page.goto(f"{supplied.office_url}/admin/login/")
        sign_in(page, supplied)
        page.goto(f"{supplied.office_url}/admin/board/")
        page.wait_for_load_state("networkidle")
        shot(page, "board-wall")
        for wide, high in (SMALL_WALL, WALL):
            page.set_viewport_size({"width": wide, "height": high})
            page.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
            shot(page, f"board-{high}")
            letters = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
            assert letters >= EASY_PX * wide / SMALL_WALL[0]
        page.evaluate("board.querySelector('h1').textContent = 'прежнее'")
        page.wait_for_function(  # asked anew, without a reload of the page
            "board.querySelector('h1').textContent !== 'прежнее'", timeout=2 * PATIENCE_MS
        )
        at = page.inner_text("header time")
        context.route("**/board/now/", lambda route: route.abort())
        lost = page.locator("#lost")
        expect(lost).to_be_visible(timeout=2 * PATIENCE_MS)
        assert re.fullmatch(r"нет связи с \d\d:\d\d", lost.inner_text())
        assert page.inner_text("header time") >= at
        shot(page, "board-lost")
        context.unroute("**/board/now/")
        expect(lost).to_be_hidden(timeout=2 * PATIENCE_MS)
    finally:
        context.close()


def test_a_wall_whose_stay_is_over_leads_to_the_door(supplied: Plant, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": WALL[0], "height": WALL[1]})
    page = context.new_page()
    try:
        page.goto(f"{supplied.office_url}/admin/login/")
        sign_in(page, supplied)
        page.goto(f"{supplied.office_url}/admin/board/")
        context.clear_cookies()
        lost = page.locator("#lost")
        expect(lost).to_contain_text("Вход закончился", timeout=2 * PATIENCE_MS)
        lost.get_by_role("link").click()
        expect(page.locator("input[name=username]")).to_be_visible()
    finally:
        context.close()


def taken_in(page: Page, plant: Plant, name: str) -> None:
    """Take somebody in as a storekeeper."""
    page.goto(f"{plant.office_url}/admin/people/person/add/")
    page.fill("[name=full_name]", name)
    page.locator("[name=roles][value=storekeeper]").check()
    page.locator("button[name=_save]").click()
    page.wait_for_url("**/card/")


def confirm(page: Page, title: str) -> None:
    """Press the button of a dialog."""
    page.locator("dialog[open]").get_by_role("button", name=title, exact=True).click()
    page.wait_for_load_state()


def start(plant: Plant, chat: int, name: str) -> None:
    """Give somebody a phone and let him begin with the bot."""
    plant.phones.post("/sim/phones", {"chat_id": chat, "name": name, "role_title": ""})
    plant.phones.text(chat, "/start")
    plant.phones.wait_text(chat, "Вас нет в системе")


def test_a_code_of_the_office_and_a_request_for_access_both_lead_into_the_bot(
    plant: Plant, browser: Browser
) -> None:
    phones = plant.phones
    with opened(browser, f"{plant.office_url}/admin/login/") as page:
        sign_in(page, plant)
        taken_in(page, plant, "Новосёлов Н. Н.")
        page.get_by_role("button", name="Пригласить в бот").click()
        confirm(page, "Выдать код")
        code = re.search(r": ([A-Z2-9]{8})\.", page.inner_text("body"))
        assert code is not None
        assert page.locator("img[width='240']").evaluate("image => image.naturalWidth") > 100
        start(plant, INVITED, "Новосёлов")
        phones.text(INVITED, code[1])
        phones.wait_text(INVITED, "Здравствуйте, Новосёлов Н. Н.")

        taken_in(page, plant, "Странников С. С.")
        start(plant, STRANGER, "Странник")
        phones.press(STRANGER, "Запросить доступ")
        phones.wait_text(STRANGER, "Как вас зовут")
        phones.text(STRANGER, "Странников, склад")
        phones.wait_text(STRANGER, "Запрос отправлен администратору")
        page.goto(f"{plant.office_url}/admin/people/accessrequest/?state__exact=open")
        page.get_by_role("link", name="Странников, склад").click()
        page.get_by_role("button", name="Дать доступ").click()
        page.locator("dialog[open] [name=choice]").select_option(label="Странников С. С.")
        confirm(page, "Привязать")
        assert page.get_by_text("Доступ дан: Странников С. С.").first.is_visible()
        phones.wait_text(STRANGER, "Доступ дан")
