"""Every kind of page that the office leads to, in both languages, light and dark, at the widths of
a desk and of a tablet: nothing is asked of anybody else, no error in the console, nothing to scroll
sideways, no value of a list cut off, and axe finds nothing serious where rows of one kind are few.

Nobody lists the pages: the office is walked from its start page by its own links, one page of each
kind. At a SCALE above one every kind is looked at in every way, by axe too, and pictures go to
`var/seen/`, to be looked at by people; at one, what repeats its like is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import DESK, ROOT, TABLET, WIDER, Office, opened, sign_in
from tests.sizes import sizes

SEEN = ROOT / "var" / "seen"
ELSEWHERE = re.compile(
    r"/logout/|/files/|/archive/|/template/$|/pdf/$|\.svg$|^/admin/lots/|^/admin/c/"
)  # no pages
KEY = re.compile(r"(?<=/)(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/)")
EVERYTHING = sizes().times > 1
# What looks like its like: forms for new records, histories, lists of lists, most corrections.
MINOR = re.compile(
    r"^/admin/\w+/$|/history/$|/password|\*/(?!change/|card/|recount/|plan/)\w+/$|/add/$"
)
MAIN_OF_IT = re.compile(r"^/admin/(?:store|reports)/$|/(?:shipment|token)/add/$")
LEAST = 100 if EVERYTHING else 60  # kinds of pages; fewer would mean that the walk got lost
TONES = ("light", "dark")
SERIOUS = {"serious", "critical"}
RULES = {"resultTypes": ["violations"]}
VIOLATIONS = "async rules => (await axe.run(rules)).violations"
COLOURS = {**RULES, "runOnly": ["color-contrast", "link-in-text-block"]}
JUDGED = re.compile(
    r"^/admin/(?:store/|reports/|reports/daily_production/days/|second-factor/"
    r"|(?:production/(?:rawbatch|mincedorder|mix|pallet|shipment)|quality/deviation|work/task"
    r"|catalogue/freezer|people/person|api/token)/(?:\*/(?:change|card|recount|plan)/)?"
    r"|production/shipment/add/|api/token/add/)?$"
)
# Values of a list that are cut off by their cell.
CUT = """[...document.querySelectorAll('#result_list :is(td, th)')].filter(one => one.offsetParent
  && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1))
  .map(one => one.innerText)"""
# Takes out of a page the rows, lists' items and sections that repeat their like: axe looks for
# seconds at every element, and finds of a hundred rows what it finds of four. Like is what has the
# same tags, classes and attributes, with a text or without one; four stay, so that stripes do.
ALIKE_MOST = 4
THINNED = """most => {
  const often = /^(TR|TBODY|LI|OPTION|SECTION|ARTICLE|TABLE|DETAILS)$/
  const own = /^(id|href|src|action|value|title|alt|for|name|datetime|aria-.*|data-.*)$/
  const attribute = ({name, value}) => name + '=' + (own.test(name) ? Boolean(value.trim()) : value)
  const has = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
  const known = new Map()
  const shape = one => {
    const met = new Map(), inside = []
    for (const child of [...one.children]) {
      const found = shape(child), count = 1 + (met.get(found) ?? 0)
      met.set(found, count)
      if (count > most && often.test(child.tagName)) child.remove()
      else inside.push(found)
    }
    const said = [one.tagName, has(one), ...[...one.attributes].map(attribute), ...inside].join()
    if (!known.has(said)) known.set(said, known.size)
    return known.get(said)
  }
  shape(document.body)
}"""
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"


def kind(address: str) -> str:
    """Return the kind of a page: its address without keys of records."""
    return KEY.sub("*", urlsplit(address).path)


def walk(page: Page, office: Office) -> Iterator[str]:
    """Go to one page of each kind that a link leads to, and say its kind."""
    ahead, met = ["/admin/", "/admin/second-factor/"], set[str]()
    while ahead:
        address = ahead.pop(0)
        name = kind(address)
        if name in met or not (EVERYTHING or MAIN_OF_IT.search(name) or not MINOR.search(name)):
            continue
        met.add(name)
        page.goto(f"{office.office_url}{address}")
        links = page.evaluate(LINKS)  # before anybody changes the page
        yield name
        for link in links:
            parts = urlsplit(link)
            if link.startswith(office.office_url) and not ELSEWHERE.search(parts.path):
                ahead.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def judged(page: Page) -> list[str]:
    """Return what axe finds on a page, light and dark, that keeps people from using it; the page is
    thinned first, and shows no longer all that it did."""
    found = []
    page.evaluate(THINNED, ALIKE_MOST)
    page.evaluate(AXE_SCRIPT)  # half a megabyte: once for a page
    for tone, rules in zip(TONES, (RULES, COLOURS), strict=True):
        wear(page, tone)
        for rule in page.evaluate(VIOLATIONS, rules):
            if rule["impact"] in SERIOUS:
                found += [f"{kind(page.url)} {tone} {rule['id']}: {node['html'][:200]}"
                          for node in rule["nodes"]]  # fmt: skip
    wear(page, "light")
    return found


def wear(page: Page, tone: str) -> None:
    """Make a page light or dark."""
    page.evaluate("tone => document.documentElement.classList.toggle('dark', tone == 'dark')", tone)


def keep(page: Page, name: str, way: str) -> None:
    """Keep pictures of a whole page, light and dark."""
    page.wait_for_load_state("networkidle")
    for tone in TONES:
        wear(page, tone)
        folder = SEEN / f"{way}_{tone}"
        folder.mkdir(parents=True, exist_ok=True)
        file = name.strip("/").replace("/", "_").replace("*", "one")
        page.screenshot(path=folder / f"{file}.png", full_page=True)
    wear(page, "light")


@pytest.mark.parametrize("words", ["ru", "en"])
def test_every_kind_of_page_fits_both_screens_asks_nobody_else_and_keeps_nobody_out(
    lived: Office, browser: Browser, words: str
) -> None:
    found, met = list[str](), list[str]()
    with opened(browser, f"{lived.office_url}/admin/login/", DESK, words) as page:
        found += judged(page) if words == "ru" else []
        sign_in(page, lived)
        for name in walk(page, lived):
            met.append(name)
            spoken = page.evaluate("document.documentElement.lang")
            found += [f"{name} is in {spoken}"] if spoken != words else []
            for size in (TABLET, DESK):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                over = page.evaluate(WIDER)
                found += [f"{name} is {over} wider than {size[0]}"] if over else []
                found += [f"{name} cuts off at {size[0]}: {text}" for text in page.evaluate(CUT)]
                if EVERYTHING:
                    keep(page, name, f"{words}_{size[0]}")
            if EVERYTHING or (words == "ru" and JUDGED.match(name)):
                found += judged(page)
    assert found == []
    assert len(met) >= LEAST
