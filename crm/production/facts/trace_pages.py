"""A trace of a lot to its ends as pages of a chat (domain 4.41)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.ledger.trace import Way, trace
from crm.production.lots import named
from crm.production.lying import put_on
from crm.production.tree import branches
from engine.languages.message import Message, listed
from engine.model.values import show_number

LONGEST, MOST_LINES, MOST_PAGES = 3000, 40, 20  # characters and lines of a page; pages
TITLES = {Way.BACKWARD: Message("Из чего"), Way.FORWARD: Message("Куда ушло")}


def trace_pages(lot: Lot, way: str) -> Iterator[Line]:
    """Give the tree of all that a lot was made of, or that was made of it, page by page; of a
    very long one the first pages."""
    found = trace(lot.pk, Way(way), holding=put_on([lot.pk]))
    names = named(found.parts)
    head = Message("{title}: {lot}, {kg} кг, лотов {count}").with_values(
        {
            "title": TITLES[found.way],
            "lot": str(names[lot.pk]),
            "kg": show_number(found.kg, 3),
            "count": str(len(found.parts) - 1),
        }
    )
    pages = list(_pages(branches(found, names)))
    for at, page in enumerate(pages[:MOST_PAGES], start=1):
        lines: list[str] = [head, *page]
        if at == MOST_PAGES < len(pages):
            lines.append(Message("Дальше — в Excel"))
        yield Line(str(at), "", {"text": listed(lines, "\n")})


def _pages(lines: list[str]) -> Iterator[list[str]]:
    page: list[str] = []
    size = 0
    for line in lines:
        if page and (len(page) == MOST_LINES or size + len(line) > LONGEST):
            yield page
            page, size = [], 0
        page.append(line)
        size += len(line) + 1
    yield page  # of nothing too: the head alone says so


FACT = Fact(
    params=("lot", "choice(forward, backward)"),
    result="list of trace_page",
    answer=trace_pages,
    records={"trace_page": {"text": "text"}},
)
