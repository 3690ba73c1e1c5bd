"""People in a real browser: somebody is taken in, given roles, invited by a picture with a link,
and let go; a parameter of a material is changed, and its history tells from what to what, by whom
and why."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Office, opened, sign_in

NAME = "Образцов Я. Я."


def act(page: Page, title: str, confirm: str) -> None:
    """Press a button of a card and the one of its dialog."""
    page.get_by_role("button", name=title, exact=True).first.click()
    page.locator("dialog[open]").get_by_role("button", name=confirm, exact=True).click()
    page.wait_for_load_state()


def test_somebody_is_taken_in_invited_by_a_picture_and_let_go(
    lived: Office, browser: Browser
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived, "administrator")
        page.goto(f"{lived.office_url}/admin/people/person/add/")
        page.fill("[name=full_name]", NAME)
        for role in ("lab", "receiver"):
            page.locator(f"[name=roles][value={role}]").check()
        page.locator("button[name=_save]").click()
        page.wait_for_url("**/card/")
        assert NAME in page.locator(".office-head h1").inner_text()
        act(page, "Пригласить в бот", "Выдать код")
        assert re.search(r"[A-Z2-9]{8}", page.locator("main, #content").last.inner_text())
        picture = page.locator("img[width='240']")
        assert picture.evaluate("image => image.naturalWidth") > 100
        page.get_by_role("link", name="Готово").click()
        page.goto(f"{lived.office_url}/admin/people/invitation/")
        invited = page.locator("#result_list tbody tr", has_text=NAME)
        expect(invited).to_contain_text("Действует")
        invited.locator("a").first.click()
        act(page, "Отозвать", "Отозвать")
        expect(page.get_by_text("Отозвано").first).to_be_visible()
        page.goto(f"{lived.office_url}/admin/people/person/?q={NAME.partition(' ')[0]}")
        page.locator("#result_list tbody th a").first.click()
        act(page, "Больше не работает", "Подтвердить")
        expect(page.locator(".office-badge").first).to_have_text("Не работает")
        act(page, "Вернуть на работу", "Вернуть")
        expect(page.locator(".office-badge").first).to_have_text("Работает")


def test_the_history_of_what_is_changed_tells_from_what_to_what_by_whom_and_why(
    lived: Office, browser: Browser
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived, "technologist")
        page.goto(f"{lived.office_url}/admin/catalogue/rawmaterial/?active__exact=1")
        page.locator("#result_list tbody th a").first.click()
        page.wait_for_url("**/change/**")
        field = page.locator("[name=defrost_loss_pct]")
        before = field.input_value() or "0"
        new = "7.5" if not before.startswith("7") else "6.5"
        field.fill(new)
        page.fill("input[name=reason]", "новый поставщик льёт больше воды")
        page.locator("button[name=_save], button[name=_continue]").first.click()
        page.wait_for_load_state()
        page.goto(f"{lived.office_url}/admin/catalogue/rawmaterial/?active__exact=1")
        page.locator("#result_list tbody th a").first.click()
        page.wait_for_url("**/change/**")
        told = page.locator("body").inner_text()
        assert "новый поставщик льёт больше воды" in told
        assert re.search(r"→\s*" + new.replace(".", "[.,]"), told)
