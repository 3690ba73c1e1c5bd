"""Finding and narrowing in a real browser: a pallet and a person by what people call them, a list
by days and kilograms with the totals and the file of exactly what is left, numbers of the start
page that lead to their lists, causes and charts of the quality department."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, Route

from crm.plant.past import last_morning
from tests.e2e.conftest import MOSCOW, Office, opened, sign_in

BATCHES = "/admin/production/rawbatch/"
ROWS = "#result_list tbody tr"


def number(text: str) -> Decimal:
    """Return what a number of the office is, or a number that opens a text."""
    found = re.match(r"[\d\s]+(?:[,.]\d+)?", text.strip())
    return Decimal("".join(found[0].split()).replace(",", ".")) if found else Decimal(0)


def column(page: Page, title: str) -> list[Decimal]:
    """Return the numbers of a column of a list."""
    heads = [text.strip() for text in page.locator("#result_list thead th").all_inner_texts()]
    at = next(place for place, text in enumerate(heads) if text.startswith(title))
    cells: list[str] = page.locator(ROWS).evaluate_all(
        "(rows, at) => rows.map(row => row.children[at].innerText)", at
    )
    return [number(text) for text in cells]


def whole(page: Page, title: str) -> Decimal:
    """Return the sum of a column over the whole filter, as it stands under the list."""
    heads = page.locator(".office-totals thead th").all_inner_texts()
    cells = page.locator("#office-whole td").all_inner_texts()
    return number(cells[heads.index(title)])


def test_a_pallet_and_a_person_are_found_by_what_people_call_them(
    lived: Office, browser: Browser
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}/admin/production/pallet/?state__exact=in_stock")
        pallet = page.locator("#result_list tbody th a").first
        called, card = pallet.inner_text().split()[0], pallet.get_attribute("href") or ""
        page.locator("#nav-filter").press_sequentially(called)
        page.locator(f"#search-results a[href='{card.partition('?')[0]}']").click()
        page.wait_for_url(f"**{card.partition('?')[0]}")
        assert called in page.locator(".office-head h1").inner_text()
        page.locator("#nav-filter").press_sequentially("орлова")
        found = page.locator("#search-results a", has_text="Орлова М. С.")
        found.first.click()
        page.wait_for_url("**/people/person/*/card/")
        assert page.locator(".office-head h1").inner_text().startswith("Орлова М. С.")


def test_a_list_is_narrowed_by_days_and_kilograms_and_its_totals_and_file_are_of_what_is_left(
    lived: Office, browser: Browser
) -> None:
    since = last_morning(datetime.now(MOSCOW)) - timedelta(days=1)
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}{BATCHES}?in_stock=yes&received_at_from_0={since:%d.%m.%Y}")
        came = page.locator(f"{ROWS} th").all_inner_texts()
        days = {f"{since + timedelta(days=more):%d.%m}" for more in range(3)}
        assert {text.split()[1].rstrip(",") for text in came} <= days
        masses = sorted(column(page, "Принято"))
        assert len(masses) < 50, "one page holds them all"
        least, most = masses[len(masses) // 4], masses[3 * len(masses) // 4]
        page.goto(f"{lived.office_url}{BATCHES}?in_stock=yes")
        page.locator("a:has-text('Фильтры'):visible").first.click()
        panel = page.locator("#filter-form")
        panel.locator("[name=weight_received_from]").fill(str(least))
        panel.locator("[name=weight_received_to]").fill(str(most))
        panel.locator("[name=received_at_from_0]").fill(f"{since:%d.%m.%Y}")
        panel.locator("button[type=submit]").click()
        page.wait_for_url("**weight_received_from=**")
        left = column(page, "Принято")
        assert 0 < len(left) < len(masses)
        assert sorted(left) == [mass for mass in masses if least <= mass <= most]
        assert whole(page, "Принято") == sum(left)
        with page.expect_download() as saved:
            page.get_by_role("button", name="Excel").click()
        sheet = load_workbook(BytesIO(saved.value.path().read_bytes())).active
        assert sheet is not None
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        at = rows[0].index("Принято, кг")
        assert len(rows) == 1 + len(left) + 1
        assert Decimal(str(rows[-1][at])) == sum(left)


def test_each_number_of_the_start_page_leads_to_its_list(lived: Office, browser: Browser) -> None:
    wrong = []
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}/admin/")
        figures = page.locator("a.office-figures, .office-figures a")
        figures.first.wait_for()  # they come when the page stands
        told = [
            (one.locator("span").inner_text(), number(one.locator("b").inner_text()), address)
            for one in figures.all()
            for address in [one.get_attribute("href")]
        ]
        assert len(told) >= 5
        for label, count, address in told:
            page.goto(f"{lived.office_url}{address}")
            rows = page.locator(ROWS).count()
            shown = label.startswith(("Принято партий", "Просрочено", "Ждут", "Недоставлено"))
            if shown and min(int(count), 50) != rows:
                wrong.append(f"{label}: {count}, its list has {rows}")
        page.goto(f"{lived.office_url}/admin/")
        page.locator("[aria-busy]").first.wait_for(state="detached")
        for title in ("Выход и потери, кг", "Замесы в работе", "Склады", "Плиточники"):
            assert page.get_by_role("heading", name=title).count() == 1
    assert wrong == []


def test_the_start_page_stands_before_its_sums_and_says_when_they_do_not_come(
    lived: Office, browser: Browser
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        asked: list[Route] = []

        def keep(route: Route) -> None:
            asked.append(route)

        page.route("**/admin/totals/", keep)
        page.goto(f"{lived.office_url}/admin/")
        places = page.locator("[aria-busy] p")
        assert {*places.all_inner_texts()} == {"считаем…"}
        page.evaluate("htmx.trigger('#office-figures', 'htmx:sendError')")
        assert places.all_inner_texts() == ["не сосчиталось, обновите страницу"] * 5
        asked[0].continue_()
        places.first.wait_for(state="detached")
        assert page.get_by_text("не сосчиталось").count() == 0


def test_causes_are_counted_and_a_chart_shows_where_its_norm_changed(
    lived: Office, browser: Browser
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived, "quality_manager")
        page.goto(f"{lived.office_url}/admin/deviation-causes/")
        counted = page.locator(".office-table tbody tr")
        assert counted.count() >= 2
        ways = page.locator("select[name=by] option")
        causes: list[str] = ways.evaluate_all("all => all.map(one => one.value)")
        for way in causes:
            page.goto(f"{lived.office_url}/admin/deviation-causes/?by={way}")
            assert page.locator(".office-plot svg rect").count() >= 1
        page.goto(f"{lived.office_url}/admin/control-charts/")
        measured = page.locator("select[name=characteristic] option")
        names = [one.get_attribute("value") for one in measured.all()]
        drawn = []
        for name in names:
            page.goto(f"{lived.office_url}/admin/control-charts/?characteristic={name}")
            if page.locator(".office-plot svg").count() == 2:
                drawn.append(name)
        assert drawn, "no characteristic was measured often enough"
        page.goto(f"{lived.office_url}/admin/control-charts/?characteristic={drawn[0]}")
        assert page.locator(".office-figures b").count() >= 5
        assert page.get_by_text("Л. Нельсон").is_visible()
