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

from tests.bench.laps import used_with_database

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
}
FILTERS = {  # what leaves some thousands of rows
    "mixes": "produced_at_from_0=15.11.2026",
    "pallets": "production_day_from=15.11.2026",
    "loads": "loaded_at_from_0=15.11.2026",
    "tasks": "created_at_from_0=15.11.2026",
    "audit": "occurred_at_from_0=15.11.2026",
}
OTHERS = {
    "journal: first page": "/admin/journal/",
    "journal: last page": "/admin/journal/?after=",
    "journal: of a week": "/admin/journal/?from=15.11.2026",
    "journal: of mixes": "/admin/journal/?record=mix",
    "store": "/admin/store/",
}
ROWS_MS, TOTALS_MS, QUERIES, STORE_QUERIES = 200, 1500, 12, 8
RUNS = 20
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


def measure(runs: int) -> dict[str, Cost]:
    """Ask every page so many times, and return what each cost."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    from crm.office.server import settle

    settings.ALLOWED_HOSTS = ["testserver"]
    account, _ = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(account)
    settle()  # as the office does when it starts
    return {name: _cost(client, address, runs) for name, address in _pages()}


def _pages() -> Iterator[tuple[str, str]]:
    """Give what is asked and its address: of lists the first page, the last one, one far from both
    ends and one that a filter leaves short, a card of each, the journal, the store."""
    from django.apps import apps

    for name, page in LISTS.items():
        address = f"/admin/{page}/"
        rows = apps.get_model(page.replace("/", "."))._default_manager
        yield f"{name}: first page", address
        yield f"{name}: last page", f"{address}?p=-1"
        if rows.count() > DEEP:
            yield f"{name}: page in the middle", f"{address}?p={rows.count() // PAGE // 2}"
        if name in FILTERS:
            yield f"{name}: of a week", f"{address}?{FILTERS[name]}"
        some = rows.order_by("-pk").values_list("pk", flat=True)
        yield f"{name}: card", f"{address}{some[rows.count() // 3]}/change/"
    yield from OTHERS.items()


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
    """Return the milliseconds of the clock and of the processor."""
    began, used = time.perf_counter(), used_with_database()
    ask()
    return (time.perf_counter() - began) * 1000, (used_with_database() - used) * 1000


def _p95(taken: list[float]) -> float:
    return sorted(taken)[max(0, int(len(taken) * 0.95) - 1)]
