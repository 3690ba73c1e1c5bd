"""The office in a real browser: every list and the start page at the widths of a desk and of a
tablet, choosing columns, exporting, a card with its genealogy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.crm.office.floor import LISTS
from tests.e2e.conftest import Plant, opened, sign_in

DESK, TABLET = (1280, 900), (820, 1180)
BATCHES = "/admin/production/rawbatch/"


def stays_at_home(page: Page, plant: Plant) -> list[str]:
    """Collect what a page asks of anybody but the office."""
    strangers: list[str] = []
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((plant.office_url, "data:", "blob:"))
            else strangers.append(asked.url)
        ),
    )
    return strangers


@pytest.mark.parametrize("size", [DESK, TABLET], ids=["desk", "tablet"])
def test_every_list_and_the_start_page_fit_and_ask_nobody_else(
    supplied: Plant, browser: Browser, size: tuple[int, int]
) -> None:
    wide = {}
    with opened(browser, f"{supplied.office_url}/admin/login/", size) as page:
        strangers = stays_at_home(page, supplied)
        sign_in(page, supplied)
        for path in ("/admin/", *(f"/admin/{name}/" for name in LISTS)):
            page.goto(f"{supplied.office_url}{path}")
            page.wait_for_load_state("networkidle")
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if over:
                wide[path] = over
        assert (wide, strangers) == ({}, [])


def test_columns_are_chosen_in_a_dialog_and_kept(supplied: Plant, browser: Browser) -> None:
    with opened(browser, f"{supplied.office_url}/admin/login/", DESK) as page:
        sign_in(page, supplied)
        page.goto(f"{supplied.office_url}{BATCHES}")
        assert "После дефр., кг" in page.inner_text("#result_list thead")
        page.get_by_role("button", name="Столбцы").click()
        page.get_by_label("После дефр., кг").uncheck()
        page.get_by_role("button", name="Показать").click()
        page.wait_for_load_state("networkidle")
        assert "После дефр., кг" not in page.inner_text("#result_list thead")
        page.get_by_role("button", name="Столбцы").click()
        page.get_by_role("button", name="Как было").click()
        page.wait_for_load_state("networkidle")
        assert "После дефр., кг" in page.inner_text("#result_list thead")


def test_an_export_is_saved_by_the_browser(supplied: Plant, browser: Browser) -> None:
    with opened(browser, f"{supplied.office_url}/admin/login/", DESK) as page:
        sign_in(page, supplied)
        page.goto(f"{supplied.office_url}{BATCHES}")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Excel").click()
        assert saved.value.suggested_filename == "Партии сырья.xlsx"
        with page.expect_download() as saved:
            page.get_by_role("button", name="CSV").click()
        assert "Каркас" in saved.value.path().read_text("utf-8-sig")


def test_a_card_shows_photos_and_its_genealogy_as_pictures(
    supplied: Plant, browser: Browser
) -> None:
    with opened(browser, f"{supplied.office_url}/admin/login/", DESK) as page:
        sign_in(page, supplied)
        page.goto(f"{supplied.office_url}{BATCHES}")
        page.locator("#result_list a").filter(has_text="/").first.click()
        drawing = page.locator(".office-picture img")
        drawing.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        assert drawing.evaluate("image => image.naturalWidth") > 100
        assert page.locator(".office-photo img").count() > 3
