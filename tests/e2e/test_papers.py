"""Papers in a real browser: a report of a day is corrected in a spreadsheet, sent back and computed
anew; a photo and the certificate of a batch are replaced; a paper is opened for printing."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Office, opened, sign_in

BATCHES = "/admin/production/rawbatch/?state__exact=released"


def test_a_report_of_a_day_is_corrected_and_computed_anew_as_its_next_version(
    lived: Office, browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived, "production_office")
        page.goto(f"{lived.office_url}/admin/reports/daily_production/days/")
        days = page.locator("tbody button[name=form]")
        assert days.count() >= 2
        with page.expect_download() as saved:
            days.nth(1).click()
        book = load_workbook(BytesIO(saved.value.path().read_bytes()))
        sheet = book.active
        assert sheet is not None
        sheet["C3"], sheet["H3"] = 50, 200
        file = tmp_path / "исправлено.xlsx"
        book.save(file)
        page.set_input_files("input[name=file]", file)
        page.get_by_role("button", name="Пересчитать").click()
        expect(page.get_by_role("heading", name="Пересчитано")).to_be_visible()
        assert "M3" in page.locator("[role=status]").inner_text()
        with page.expect_download() as saved:
            page.get_by_role("link", name="версия 1").first.click()
        mended = load_workbook(BytesIO(saved.value.path().read_bytes())).active
        assert mended is not None
        assert str(mended["M3"].value).startswith("=")


def test_a_photo_of_a_batch_is_replaced_and_its_certificate_opened_for_printing(
    lived: Office, browser: Browser, tmp_path: Path
) -> None:
    photo = tmp_path / "кузов.png"
    Image.new("RGB", (320, 240), "teal").save(photo)
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived, "production_office")
        page.goto(f"{lived.office_url}{BATCHES}")
        page.locator("#result_list tbody th a").first.click()
        page.wait_for_url("**/change/**")
        page.locator(".office-menu > summary").click()
        page.get_by_role("link", name="Заменить фото и акт").click()
        page.locator("[name=photos-kind]").select_option(index=0)
        page.set_input_files("[name=photos-uploads]", photo)
        page.fill("[name=photos-reason]", "снимок был смазан")
        page.locator("button[value=photos]").click()
        page.wait_for_url("**/change/**")
        expect(page.get_by_text("снимок был смазан").first).to_be_visible()
        papers = page.locator("section:has(h2:text-is('Документы'))")
        with page.expect_download() as printed:
            papers.get_by_role("link", name="PDF").first.click()
        assert printed.value.path().read_bytes().startswith(b"%PDF")
