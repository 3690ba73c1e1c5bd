"""Jobs that the office does by itself, in a real browser: corrections that need a second person,
reports and who took them, long lists and long exports, counting a store, merging what was written
twice, tokens of programs, the door, the first steps of an empty plant.

Everything is found by its name in the form, so that the same walk goes in both languages at a SCALE
above one, where pictures of each page are kept too."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import DESK, PATIENCE_MS, TABLET, WIDER, Office, opened, sign_in
from tests.e2e.test_every_page import EVERYTHING, keep

BATCHES = "/admin/production/rawbatch/"
SEND, APPLY, CONFIRM = (f"button[value={step}]" for step in ("show", "apply", "confirm"))
WORDS = pytest.mark.parametrize("words", ["ru", "en"] if EVERYTHING else ["ru"])


# Buttons that begin above what they stand in: they lie on the line before.
ASTRAY = """[...document.querySelectorAll('.office-button')].filter(one => one.offsetParent
  && one.getBoundingClientRect().top < one.parentElement.getBoundingClientRect().top - 1)
  .map(one => one.innerText)"""


def look(page: Page, name: str, words: str, *, kept: bool = EVERYTHING) -> None:
    """Refuse what is wider than a screen and buttons that lie on texts; keep pictures where they
    are kept."""
    assert page.evaluate("document.documentElement.lang") == words
    for size in (TABLET, DESK):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert (name, size, page.evaluate(WIDER), page.evaluate(ASTRAY)) == (name, size, 0, [])
        if kept:
            keep(page, f"job_{name}", f"{words}_{size[0]}")


def card(page: Page, office: Office, listed: str, row: int = 0) -> str:
    """Open the card of a row of a list; return its address without `change/`."""
    page.goto(f"{office.office_url}{listed}")
    page.locator("#result_list a[href*='/change/']").nth(row).click()
    page.wait_for_url("**/change/**")
    return page.url.partition("change/")[0]


def books(page: Page, address: str) -> str:
    """What the card of a batch says there is of it."""
    page.goto(f"{address}change/")
    return page.locator(".office-figures").inner_text()


@WORDS
def test_a_large_difference_is_asked_by_one_and_posted_by_another_who_sees_what_will_change(
    lived: Office, browser: Browser, words: str
) -> None:
    door = f"{lived.office_url}/admin/login/"
    with opened(browser, door, DESK, words) as page:
        sign_in(page, lived, "production_office")
        address = card(page, lived, f"{BATCHES}?in_stock=yes", 0 if words == "ru" else 1)
        before = books(page, address)
        page.locator("details:has(a[href*='/recount/']) > summary").click()
        page.locator("a[href*='/recount/']").click()
        page.locator("form.office-form input[inputmode=decimal]").first.fill("7000,5")
        page.fill("[name=reason]", "взвешено заново на складе")
        look(page, "recount", words)
        page.click(SEND)
        expect(page.locator(APPLY)).to_be_visible()
        look(page, "recount_seen", words)
        page.click(APPLY)
        page.wait_for_load_state()
        look(page, "recount_asked", words)
        assert books(page, address) == before
    with opened(browser, door, DESK, words) as page:
        sign_in(page, lived, "production_office2")
        page.goto(f"{address}recount/")
        look(page, "recount_confirmed", words)
        page.click(CONFIRM)
        page.wait_for_url("**/change/**")
        after = books(page, address)
        assert after != before
        assert re.search("7.000,5", after)
        look(page, "recount_done", words)


@WORDS
def test_a_report_is_filled_in_and_taken_and_the_journal_says_by_whom(
    lived: Office, browser: Browser, words: str
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/", DESK, words) as page:
        sign_in(page, lived, "technologist")
        page.goto(f"{lived.office_url}/admin/reports/?report=raw_balance")
        form = page.locator("form[action$='/raw_balance/']")
        look(page, "reports", words)
        with page.expect_download() as saved:
            form.locator("button[value=csv]").click()
        assert saved.value.path().read_text("utf-8-sig").count("\n") > 3
        today = date.fromisoformat(form.locator("[name=period_to]").input_value())
        form.locator("[name=period_from]").fill(f"{today - timedelta(days=20)}")
        form.locator("button[value=xlsx]").click()
        page.wait_for_url("**/made/**")
        look(page, "made_going", words)
        ready = page.locator("a.office-button.is-main[href*='/files/']")
        expect(ready).to_be_visible(timeout=2 * PATIENCE_MS)
        look(page, "made", words)
        with page.expect_download() as saved:
            ready.click()
        assert saved.value.suggested_filename.endswith(".xlsx")
    with opened(browser, f"{lived.office_url}/admin/login/", DESK, words) as page:
        sign_in(page, lived, "auditor")
        page.goto(f"{lived.office_url}/admin/journal/?kind=act&who=technologist")
        assert page.locator("table tbody tr").count() >= 2
        look(page, "journal", words)


@WORDS
def test_a_long_list_is_counted_after_its_page_and_leads_to_its_last_page_and_to_a_made_file(
    lived: Office, browser: Browser, words: str
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/", DESK, words) as page:
        sign_in(page, lived)
        held = list[Route]()

        def hold(asked: Route) -> None:
            held.append(asked)

        page.route("**/totals/**", hold)
        page.goto(f"{lived.office_url}/admin/work/task/")
        count = page.locator("#office-count")
        assert not re.search(r"\d", count.inner_text())
        look(page, "counting", words, kept=False)
        held[0].continue_()
        page.unroute("**/totals/**")
        expect(count).to_have_text(re.compile(r"\d{3}"))
        page.locator("a[href='?p=-1']").click()
        page.wait_for_url("**p=-1**")
        assert page.locator("#result_list tbody tr").count() == 50
        look(page, "last_page", words)
        page.locator("a[href='?p=1']").click()
        page.wait_for_url("**p=1")
        page.locator("form[action*='/export/xlsx/'] button").click()
        page.wait_for_url("**/made/**")
        expect(page.locator("a.office-button.is-main[href*='/files/']")).to_be_visible(
            timeout=2 * PATIENCE_MS
        )


@WORDS
def test_a_store_is_counted_on_one_page(lived: Office, browser: Browser, words: str) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/", DESK, words) as page:
        sign_in(page, lived, "production_office")
        page.goto(f"{lived.office_url}/admin/stocktake/")
        counted = page.locator("input[name^=lot_]").last
        there = counted.locator("xpath=../..").locator("td.is-number").first.inner_text()
        kg = re.sub(r"[^\d,]", "", there).partition(",")[0]
        counted.fill(f"{int(kg) + 1},25")
        page.fill("[name=reason]", "инвентаризация")
        look(page, "stocktake", words)
        page.click(SEND)
        expect(page.locator(APPLY)).to_be_visible()
        look(page, "stocktake_seen", words)
        page.click(APPLY)
        expect(page.locator(APPLY)).to_have_count(0)
        assert (
            page.locator("input[name^=lot_]")
            .last.locator("xpath=../..")
            .get_by_text(re.compile(rf"{kg[-3:]}|{int(kg[-3:]) + 1},25"))
            .count()
        )
        look(page, "stocktake_done", words)


@WORDS
def test_a_delivery_is_told_of_before_it_comes_and_a_freezer_is_added(
    lived: Office, browser: Browser, words: str
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/", DESK, words) as page:
        sign_in(page, lived, "production_office")
        page.goto(f"{lived.office_url}{BATCHES}add/")
        for name in ("company", "material", "nomenclature", "condition", "supplier"):
            page.locator(f"select[name={name}]").select_option(index=1)
        page.fill("[name=expected_weight]", "1500,5")
        page.fill("[name=expected_date]", f"{timezone.localdate() + timedelta(days=1)}")
        look(page, "expect", words)
        page.locator("form.office-form button.is-main").click()
        page.wait_for_url("**/change/**")
        assert re.search("1.500,5", page.locator("main, #content").last.inner_text())
        look(page, "expected", words)
        page.goto(f"{lived.office_url}/admin/catalogue/freezer/add/")
        page.locator("select[name=kind]").select_option("shock")
        values = {"number": "77" if words == "ru" else "78", "capacity": "4", "min_minutes": "600"}
        for name, text in values.items():
            page.fill(f"[name={name}]", text)
        page.fill("[name=reason]", "новая камера во втором цехе")
        page.locator("form.office-form button.is-main").click()
        page.wait_for_url("**/change/**")
        assert page.locator(".office-slots li").count() == 4
        look(page, "freezer_added", words)


@WORDS
def test_a_supplier_written_twice_becomes_one(lived: Office, browser: Browser, words: str) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/", DESK, words) as page:
        sign_in(page, lived, "production_office")
        address = card(page, lived, "/admin/catalogue/supplier/?active__exact=1")
        dialog = page.locator("dialog:has(form[action$='/merge/'])")
        page.locator(f"button[data-opens='{dialog.get_attribute('id')}']").first.click()
        dialog.locator("select[name=choice]").select_option(index=1)
        dialog.locator("[name=reason]").fill("написано дважды")
        look(page, "merge", words)
        dialog.locator("button[type=submit]").click()
        page.wait_for_load_state()
        look(page, "merged", words)
        page.goto(f"{address}change/")
        assert page.locator("form[action$='/merge/']").count() == 0


@WORDS
def test_a_token_is_shown_once_and_opens_the_interface(
    lived: Office, browser: Browser, words: str
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/", DESK, words) as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}/admin/api/token/add/")
        page.fill("[name=name]", "Учётная программа")
        page.locator("[name=scopes][value='stock:read']").check()
        look(page, "token_add", words)
        page.locator("button[name=_save]").click()
        page.wait_for_url("**/api/token/**")
        secret = re.search(r"meat_[\w-]{40,}", page.content())
        assert secret is not None
        look(page, "token_shown", words)
        asked = page.request.get(
            f"{lived.office_url}/api/v1/stock", headers={"Authorization": f"Bearer {secret[0]}"}
        )
        assert asked.status == 200
        card(page, lived, "/admin/api/token/")
        assert secret[0] not in page.content()
        look(page, "token", words)


@WORDS
def test_an_empty_plant_asks_for_a_phone_and_then_leads_through_the_first_steps(
    empty: Office, browser: Browser, words: str
) -> None:
    name = empty.login if words == "ru" else "administrator"
    with opened(browser, f"{empty.office_url}/admin/login/", DESK, words) as page:
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", empty.password)
        page.locator("button[type=submit]").first.click()
        page.wait_for_url("**/second-factor/")
        look(page, "phone", words)
        key = b32decode(page.locator("code").inner_text())
        page.fill("[name=code]", f"{TOTP(key).token():06d}")
        page.press("[name=code]", "Enter")
        expect(page.locator("code")).to_have_count(10)
        look(page, "paper", words)
        page.locator("a.office-button.is-main").click()
        page.wait_for_url("**/admin/")
        steps = page.locator("section[aria-labelledby=first-steps]")
        assert steps.locator("li").count() == 5
        look(page, "first_steps", words)
        for number in range(steps.locator("a").count()):
            page.goto(f"{empty.office_url}/admin/")
            steps.locator("a").nth(number).click()
            page.wait_for_load_state()
            look(page, f"first_step_{number}", words)
        page.goto(f"{empty.office_url}/admin/people/person/add/")
        page.fill("[name=full_name]", f"Первый {words}")
        page.locator("[name=roles][value=receiver]").check()
        page.locator("button[name=_save]").click()
        page.wait_for_url("**/card/")
        page.goto(f"{empty.office_url}/admin/")
        assert steps.locator("li.is-done").count() >= 1


@WORDS
def test_who_guesses_is_told_to_wait(empty: Office, browser: Browser, words: str) -> None:
    with opened(browser, f"{empty.office_url}/admin/login/", DESK, words) as page:
        said = ""
        for _ in range(6):
            page.fill("input[name=username]", "auditor" if words == "ru" else "director")
            page.fill("input[name=password]", "угадываю")
            page.locator("button[type=submit]").first.click()
            page.wait_for_load_state()
            before, said = said, page.inner_text("body")
        assert before != said
        look(page, "throttled", words)
