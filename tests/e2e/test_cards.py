"""The card of every kind of record, opened from its list: its genealogy both ways as a picture that
is drawn, its ledger, its documents, its photos as thumbnails that open large, its history."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Office, opened, sign_in

PICTURE, LEDGER, PAPERS, PHOTOS = "Происхождение", "Проводки", "Документы", "Фото и сканы"
PAST = "История"
ALL = (PICTURE, LEDGER, PAPERS, PHOTOS, PAST)
# Tables of a column beside the main one that are cut, and any that is higher than a screen.
OUT_OF_SIGHT = """() => [...document.querySelectorAll('.office-section:has(.office-scroll)')]
  .filter(one => {
    const scroll = one.querySelector('.office-scroll')
    const beside = one.matches('.office-columns > div + div > *')
    return scroll.clientHeight > 900 || beside && scroll.scrollWidth > scroll.clientWidth
  }).map(one => one.querySelector('h2').innerText)"""
CARDS = {
    "production/rawbatch/?state__exact=released": ALL,
    "production/blank/": ALL,
    "production/mincedorder/?state__exact=finished": (*ALL, "Компоненты", "Этапы замесов"),
    "production/mix/?state__exact=finished": (PICTURE, LEDGER, PAPERS, PHOTOS, "Ход замеса"),
    "production/secondminced/": ALL,
    "production/pallet/?state__exact=in_stock": ALL,
    "production/freezerload/": ALL,
    "catalogue/freezer/": (LEDGER, PAPERS, PHOTOS),
    "production/shipment/": ALL,
    "people/person/": (PAST, "Чаты"),
}


def test_the_card_of_each_kind_shows_where_it_came_from_what_was_booked_and_who_saw_it(
    lived: Office, browser: Browser
) -> None:
    wrong = []
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        for listed, titles in CARDS.items():
            page.goto(f"{lived.office_url}/admin/{listed}")
            page.locator("#result_list tbody th a").first.click()
            page.locator(".office-head h1").wait_for()
            shown = page.locator(".office-section h2").all_inner_texts()
            wrong += [f"{listed}: no {title}" for title in titles if title not in shown]
            if PICTURE in titles and not drawn(page):
                wrong.append(f"{listed}: the genealogy is not drawn")
            wrong += [f"{listed}: {title} is not in sight" for title in page.evaluate(OUT_OF_SIGHT)]
    assert wrong == []


def drawn(page: Page) -> bool:
    """Whether the picture of a card is drawn once it comes into sight."""
    drawing = page.locator(".office-picture img")
    drawing.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.office-picture img').complete")
    width: int = drawing.evaluate("image => image.naturalWidth")
    return width > 100


def test_a_thumbnail_opens_large_and_its_link_ends(lived: Office, browser: Browser) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        sign_in(page, lived)
        page.goto(f"{lived.office_url}/admin/production/rawbatch/?state__exact=released")
        page.locator("#result_list tbody th a").first.click()
        thumbnail = page.locator(".office-photo:has(img)").first
        thumbnail.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        small: int = thumbnail.locator("img").evaluate("image => image.naturalWidth")
        with page.expect_popup() as shown:
            thumbnail.click()
        large = shown.value.locator("img").evaluate("image => image.naturalWidth")
        assert large >= small > 100
        address = shown.value.url
        forged = address[:-2] + ("aa" if address[-2:] != "aa" else "bb")
        assert page.request.get(forged).status in (403, 404)
