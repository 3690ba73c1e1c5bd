"""What people do in the office with its lists and cards, in a real browser: they choose columns,
keep filters, export, look at photos and a genealogy."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import Browser

from tests.e2e.conftest import Office, opened, sign_in

ROWS = "#result_list tbody tr"
BATCHES = "/admin/production/rawbatch/"


def test_columns_are_chosen_in_a_dialog_and_kept(lived: Office, browser: Browser) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}{BATCHES}")
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


def test_an_export_is_saved_by_the_browser(lived: Office, browser: Browser) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}{BATCHES}")
        newest = page.locator("#result_list a").filter(has_text="/").first.inner_text()
        page.goto(f"{lived.office_url}{BATCHES}?q={newest.split()[0]}")  # a long one is made beside
        with page.expect_download() as saved:
            page.get_by_role("button", name="Excel").click()
        assert saved.value.suggested_filename == "Партии сырья.xlsx"
        with page.expect_download() as saved:
            page.get_by_role("button", name="CSV").click()
        assert newest.split()[0] in saved.value.path().read_text("utf-8-sig")


def test_a_number_typed_into_the_search_box_leads_to_its_card(
    lived: Office, browser: Browser
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}{BATCHES}")
        newest = page.locator("#result_list a").filter(has_text="/").first
        number, card = newest.inner_text().split()[0], newest.get_attribute("href")
        page.locator("#nav-filter").press_sequentially(number)
        found = page.locator("#search-results a").first
        assert number in found.inner_text()
        assert found.get_attribute("href") == str(card).partition("?")[0]
        found.click()
        page.wait_for_url("**/change/")


def test_a_card_shows_photos_and_its_genealogy_as_pictures(lived: Office, browser: Browser) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}{BATCHES}")
        page.locator("#result_list a").filter(has_text="/").first.click()
        drawing = page.locator(".office-picture img")
        drawing.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        page.wait_for_function("document.querySelector('.office-picture img').naturalWidth > 100")
        assert drawing.evaluate("image => image.naturalWidth") > 100
        assert page.locator(".office-photo img").count() >= 3
        photo = page.locator(".office-photo img").first
        assert (photo.get_attribute("src") or "").endswith("/small")
        assert photo.evaluate("image => image.naturalWidth") > 100


def test_a_workbook_of_people_is_shown_before_it_is_taken_over(
    lived: Office, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "люди.xlsx"
    people = Workbook()
    people.worksheets[0].title = "Люди"
    people.worksheets[0].append(["ФИО", "Роли"])
    people.worksheets[0].append(["Новиков Н. Н.", "Приёмщик сырья"])
    people.save(file)
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}/admin/")
        page.get_by_role("link", name="Загрузка из Excel").click()
        page.set_input_files("input[type=file]", file)
        page.get_by_role("button", name="Посмотреть, что изменится").click()
        said = page.inner_text(".office-section >> nth=0")
        assert ("Новиков Н. Н." in said, "новая" in said) == (True, True)
        apply = page.get_by_role("button", name="Применить").bounding_box()
        below = page.locator(".office-section").last.bounding_box()
        assert apply
        assert below
        assert below["y"] - apply["y"] - apply["height"] >= 12  # they do not touch


def test_a_filter_is_kept_under_a_name_and_opened_by_it(lived: Office, browser: Browser) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}{BATCHES}")
        every = page.locator(ROWS).count()
        newest = page.locator("#result_list a").filter(has_text="/").first.inner_text()
        page.fill("#searchbar", newest.split()[0])
        page.press("#searchbar", "Enter")
        page.wait_for_url("**q=**")
        assert page.locator(ROWS).count() == 1 < every
        page.get_by_text("Мои фильтры").click()
        page.get_by_label("Сохранить этот фильтр как").fill("Та самая")
        page.get_by_role("button", name="Сохранить").click()
        page.goto(f"{lived.office_url}{BATCHES}")
        page.get_by_text("Мои фильтры").click()
        page.get_by_role("link", name="Та самая", exact=True).click()
        page.wait_for_url("**q=**")
        assert page.locator(ROWS).count() == 1
        page.get_by_text("Мои фильтры").click()
        page.get_by_role("button", name="Удалить фильтр Та самая").click()
        page.get_by_text("Мои фильтры").click()
        assert page.get_by_text("Своих фильтров пока нет").is_visible()


def test_a_script_that_came_into_a_page_is_not_run(lived: Office, browser: Browser) -> None:
    page = browser.new_page()
    refused = list[str]()
    page.on("console", lambda said: refused.append(said.text))
    page.goto(f"{lived.office_url}/admin/login/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', `<img src='/x' onerror='window.came = 1'>`);"
        "const typed = document.createElement('script'); typed.textContent = 'window.came = 1';"
        "document.body.append(typed);"
    )
    page.wait_for_function("performance.getEntriesByName(`${location.origin}/x`).length > 0")
    assert page.evaluate("window.came === undefined")
    assert sum("Content Security Policy" in said for said in refused) >= 2
    page.context.close()
