"""A shipment by mouse and scanner (domain 4.46, 5.8): the store narrowed, pallets ticked and typed,
one that is held refused with its reason, looked at, drafted, confirmed, let go by another, its
papers printed and its kilograms booked; then a pallet comes back. Labels, and a hold of pallets."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Office, opened, sign_in

STORE = "/admin/store/"


def ready(page: Page, office: Office, count: int) -> list[str]:
    """Tick pallets that may leave on the store's page; return the numbers of all of them, those
    that are ticked first, none that two pallets have."""
    page.goto(f"{office.office_url}{STORE}?ready=yes")
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    ticks = page.locator("details input[type=checkbox]")
    names: list[str] = ticks.evaluate_all("all => all.map(one => one.ariaLabel)")
    numbers = [re.findall(r"\d+", name)[0] for name in names]
    alone = [at for at, one in enumerate(numbers) if numbers.count(one) == 1]
    for at in alone[:count]:
        ticks.nth(at).check()
    return [numbers[at] for at in alone]


def drafted(page: Page, office: Office, count: int) -> None:
    """Draft a shipment of some pallets that may leave."""
    ready(page, office, count)
    page.get_by_role("button", name="Создать отгрузку").first.click()
    page.fill("[name=customer]", "Торговый дом «Образец»")
    page.locator("button[value=draft]").first.click()
    page.wait_for_url("**/change/")


def press(page: Page, title: str) -> None:
    """Press a button of a card and the one of its dialog."""
    page.get_by_role("button", name=title, exact=True).first.click()
    page.locator("dialog[open]").get_by_role("button", name=title, exact=True).click()
    page.wait_for_load_state()


def test_ticked_and_typed_pallets_leave_with_their_papers_and_one_comes_back(
    lived: Office, browser: Browser
) -> None:
    door = f"{lived.office_url}/admin/login/"
    with opened(browser, door) as page:
        sign_in(page, lived, "shipping_clerk")
        typed = ready(page, lived, 2)[2]
        page.get_by_role("button", name="Создать отгрузку").first.click()
        page.fill("[name=customer]", "Торговый дом «Пример»")
        page.fill("[name=codes]", "99999999")
        page.locator("button[value=show]").click()
        refused = page.locator("tr", has_text="99999999")
        expect(refused).to_contain_text("на складе нет")
        page.locator("button[value=draft]").first.click()
        expect(page.locator(".office-refusal")).to_contain_text("Не всё можно отгрузить")
        page.fill("[name=codes]", typed)
        page.locator("button[value=show]").click()
        expect(page.get_by_text("Выбрано паллетов: 3")).to_be_visible()
        for title in ("Итого", "Сырьё"):
            assert page.get_by_role("heading", name=title).count() == 1
        page.locator("button[value=draft]").first.click()
        page.wait_for_url("**/change/")
        press(page, "Подтвердить")
        expect(page.get_by_text("должен другой человек")).to_be_visible()
        shipment = page.url
    with opened(browser, door) as page:
        sign_in(page, lived, "shipping_clerk2")
        page.goto(shipment)
        press(page, "Отгрузить")
        expect(page.get_by_text("ушла").first).to_be_visible()
        page.goto(shipment)
        booked = page.locator("section:has(h2:text-is('Проводки')) tbody tr")
        assert booked.count() == 3
        page.get_by_role("link", name="Упаковочный лист").click()
        form = page.locator("form[action$='/shipment_list/']")
        for wanted in ("xlsx", "packing_list", "packing_list.pdf"):
            with page.expect_download() as printed:
                form.locator(f"button[value='{wanted}']").click()
            assert printed.value.path().stat().st_size > 1000
        page.goto(shipment)
        papers = page.locator("section:has(h2:text-is('Документы')) tbody tr")
        with page.expect_download() as kept:
            papers.first.get_by_role("link", name="Скачать").click()
        assert kept.value.path().stat().st_size > 1000
        page.locator(".office-menu > summary").click()
        page.get_by_role("link", name="Принять возврат").click()
        page.locator("[name=pallet]").select_option(index=1)
        page.fill("[name=reason]", "повреждена упаковка")
        page.click("button[value=show]")
        page.click("button[value=apply]")
        page.wait_for_url("**/change/**")
        page.goto(shipment)
        assert booked.count() == 4


def test_pallets_are_held_from_the_store_and_then_refused_with_the_reason(
    lived: Office, browser: Browser
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        number = ready(page, lived, 1)[0]
        with page.expect_download() as labels:
            page.get_by_role("button", name="Этикетки").click()
        assert labels.value.path().read_bytes().startswith(b"%PDF")
        ready(page, lived, 1)
        page.get_by_role("button", name="Заблокировать").click()
        page.locator("[name=scope][value=one]").check()
        page.fill("[name=reason]", "проверка упаковки")
        page.click("button[value=show]")
        page.click("button[value=apply]")
        page.wait_for_url(f"**{STORE}")
        expect(page.get_by_text(f"Заблокированы паллеты: {number}")).to_be_visible()
        page.goto(f"{lived.office_url}{STORE}?hold=manual")
        assert page.get_by_text("проверка упаковки").count() >= 1
        page.goto(f"{lived.office_url}/admin/production/shipment/add/")
        page.fill("[name=codes]", number)
        page.locator("button[value=show]").click()
        verdict = page.locator("section", has_text="Выбрано").locator("tbody tr").first
        expect(verdict).to_contain_text(re.compile("проверка упаковки|Таких несколько"))
