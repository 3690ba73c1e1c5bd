"""What the pages of the office cost on a database of years of a plant.

A page is measured in this process, from the request to the last byte of the answer: middleware,
queries, templates. Start at `measure`."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.bench.laps import used_by_server

if TYPE_CHECKING:
    from django.test import Client

HERE = Path(__file__).parent


LISTS = {
    "raw batches": "production/rawbatch",
    "blanks": "production/blank",
    "orders": "production/mincedorder",
    "mixes": "production/mix",
    "second minced": "production/secondminced",
    "pallets": "production/pallet",
    "loads": "production/freezerload",
    "freezers": "catalogue/freezer",
    "shipments": "production/shipment",
    "deviations": "quality/deviation",
    "holds": "quality/hold",
    "tasks": "work/task",
    "audit": "ledger/event",
    "documents": "documents/document",
    "notices": "outbox/notice",
    "people": "people/person",
}
WEEK = "15.11.2026"  # the last seven days of the plant begin
FILTERS = {  # what leaves some thousands of rows
    "raw batches": f"received_at_from_0={WEEK}",
    "blanks": f"arrival_date_from={WEEK}",
    "orders": f"arrival_date_from={WEEK}",
    "mixes": f"produced_at_from_0={WEEK}",
    "second minced": f"registered_at_from_0={WEEK}",
    "pallets": f"production_day_from={WEEK}",
    "loads": f"loaded_at_from_0={WEEK}",
    "shipments": f"created_at_from_0={WEEK}",
    "deviations": f"asked_at_from_0={WEEK}",
    "holds": f"placed_at_from_0={WEEK}",
    "tasks": f"created_at_from_0={WEEK}",
    "audit": f"occurred_at_from_0={WEEK}",
    "documents": f"created_at_from_0={WEEK}",
    "notices": f"created_at_from_0={WEEK}",
}
OTHERS = {
    "start page": "/admin/",
    "journal: first page": "/admin/journal/",
    "journal: last page": "/admin/journal/?after=",
    "journal: of a week": f"/admin/journal/?from={WEEK}",
    "journal: of mixes": "/admin/journal/?record=mix",
    "store": "/admin/store/",
}
ROWS_MS, TOTALS_MS, QUERIES, STORE_QUERIES = 200, 1500, 12, 8
RUNS = 20
ORDERED = 4  # a list in each order is asked so many times less
PAGE = 50  # rows
DEEP = 100_000  # rows of a list that has a middle


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page cost: queries, milliseconds by the clock (median, 95 of 100), those of the
    processor (the median of this process and of its server of the database), kilobytes."""

    queries: int
    p50: float
    p95: float
    used: float
    size: int
    totals: float | None = None  # milliseconds of the request that loads them; None: they are there

    def over(self, queries: int = QUERIES) -> bool:
        """Tell whether it costs more than it may."""
        return self.queries > queries or self.p95 > ROWS_MS or (self.totals or 0) > TOTALS_MS


def measure(runs: int, *, orders: bool = False) -> dict[str, Cost]:
    """Ask every page so many times, and return what each cost; with `orders` also those of a week
    by each column that a list may be sorted by."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    from crm.care.garbage import settle

    settings.ALLOWED_HOSTS = ["testserver"]
    account, _ = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(account)
    settle()  # as the office does when it starts
    found = {name: _cost(client, address, runs) for name, address in pages()}
    if orders:
        fewer = max(1, runs // ORDERED)
        found |= {name: _cost(client, address, fewer) for name, address in ordered()}
    return found


def pages() -> Iterator[tuple[str, str]]:
    """Give what is asked and its address: of lists the first page, the last one, one far from both
    ends and one that a filter leaves short, a card of each, the start page, the journal, the
    store."""
    from django.apps import apps

    from crm.office.links import link

    for name, page in LISTS.items():
        address = f"/admin/{page}/"
        rows = apps.get_model(page.replace("/", "."))._default_manager
        yield f"{name}: first page", address
        yield f"{name}: last page", f"{address}?p=-1"
        if rows.count() > DEEP:
            yield f"{name}: page in the middle", f"{address}?p={_middle(page, rows.count())}"
        if name in FILTERS:
            yield f"{name}: of a week", f"{address}?{FILTERS[name]}"
        yield f"{name}: card", link(rows.order_by("-pk")[rows.count() // 3])
    yield from OTHERS.items()


def _middle(page: str, count: int) -> str:
    """Return how the link to the page in the middle of a list names it: by the row before it."""
    from django.apps import apps
    from django.contrib import admin

    from crm.office.marks import Mark

    model = apps.get_model(page.replace("/", "."))
    order = [*(admin.site._registry[model].ordering or ()), "-pk"]
    number = count // PAGE // 2
    keys = model._default_manager.order_by(*order).values_list("pk", flat=True)
    return Mark(str(keys[number * PAGE - 1])).of(number + 1)


def ordered() -> Iterator[tuple[str, str]]:
    """Give the lists of a week by each column that they may be sorted by."""
    from django.apps import apps
    from django.contrib import admin

    for name, query in FILTERS.items():
        page = admin.site._registry[apps.get_model(LISTS[name].replace("/", "."))]
        for at, column in enumerate(map(str, page.list_display)):
            told = getattr(page, column, None)
            if told is None or getattr(told, "admin_order_field", None):
                yield f"{name}: by {column}", f"/admin/{LISTS[name]}/?{query}&o={at}"


def _cost(client: Client, address: str, runs: int) -> Cost:
    queries, answer = _queries(lambda: client.get(address))
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    lines = [_ms(lambda: client.get(address)) for _ in range(runs)]
    taken, used = ([line[at] for line in lines] for at in (0, 1))
    text = answer.content.decode()
    later = re.search(r'hx-get="([^"]+/totals/[^"]*)"', text)
    totals = later and _ms(lambda: client.get(later.group(1).replace("&amp;", "&")))[0]
    return Cost(queries, median(taken), _p95(taken), median(used), len(text) // 1024, totals)


def _queries(ask: Callable[[], Any]) -> tuple[int, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    return len(queries), answer


def _ms(ask: Callable[[], Any]) -> tuple[float, float]:
    """Return the milliseconds of the clock and of the processor, on a connection of its own as the
    office asks: on one that is kept PostgreSQL plans a question once, for any dates, from the
    eleventh time on."""
    from django.db import connection

    connection.close()
    began, used = time.perf_counter(), time.process_time()
    ask()
    clock, own = time.perf_counter() - began, time.process_time() - used
    return clock * 1000, (own + used_by_server()) * 1000


def _p95(taken: list[float]) -> float:
    return sorted(taken)[max(0, int(len(taken) * 0.95) - 1)]
