"""What the pages of the office cost on a database of years of a plant.

`python -m tests.bench.office sqlite` or `postgres`, with `--lots`, `--postings`, `--seed`. The
rows are those of `trace` with the shop floor around them (`office_rows`); the database is kept in
the same way; `--fresh` makes it anew. A page is measured in this process, from the request to the
last byte of the answer: middleware, queries, templates."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.bench import exports, trace

if TYPE_CHECKING:
    from django.test import Client

HERE = Path(__file__).parent


def build(lots: int, postings: int, seed: int, folder: Path) -> None:
    """Fill the database of a folder, unless it is ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from tests.bench.office_rows import furnish
    from tests.bench.plant_rows import fill

    filled, ready = folder / "filled", folder / "ready"
    started = time.monotonic()
    if not filled.exists():
        call_command("migrate", verbosity=0)
        fill(lots, postings, seed, lambda line: print(line, flush=True))
        filled.touch()
        print(f"filled in {time.monotonic() - started:.0f} s", flush=True)
    if not ready.exists():
        began = time.monotonic()
        furnish(lambda line: print(f"{time.monotonic() - began:4.0f} s {line}", flush=True))
        ready.touch()
        print(f"furnished in {time.monotonic() - began:.0f} s", flush=True)


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
    from django.contrib.auth.models import User
    from django.test import Client

    from crm.office.server import settle

    account, _ = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(account)
    settle()  # as the office does when it starts
    return {name: _cost(client, address, runs) for name, address in _pages()}


def _pages() -> Iterator[tuple[str, str]]:
    """Give what is asked and its address: of lists the first page, the last one, one far from both
    ends and one that a filter leaves short, a card of each, the store."""
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
    yield "store", "/admin/store/"


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
    began, used = time.perf_counter(), _used()
    ask()
    return (time.perf_counter() - began) * 1000, (_used() - used) * 1000


def _used() -> float:
    """Return the seconds that this process and the one that answers its queries have used."""
    from django.db import connection

    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text(encoding="ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return own + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _p95(taken: list[float]) -> float:
    return sorted(taken)[max(0, int(len(taken) * 0.95) - 1)]


def show(found: dict[str, Cost]) -> None:
    """Print a line a page; what is over a goal is marked."""
    print(
        f"{'page':36} {'queries':>7} {'p50 ms':>7} {'p95 ms':>7} {'cpu ms':>7} {'totals ms':>9}"
        f" {'kB':>5}"
        f"   goals: {QUERIES} queries ({STORE_QUERIES} of the store), rows {ROWS_MS} ms, "
        f"totals {TOTALS_MS} ms"
    )
    for name, cost in found.items():
        later = "" if cost.totals is None else f"{cost.totals:.0f}"
        over = cost.over(STORE_QUERIES if name == "store" else QUERIES)
        print(
            f"{name:36} {cost.queries:7} {cost.p50:7.0f} {cost.p95:7.0f} {cost.used:7.0f} "
            f"{later:>9} {cost.size:5}{'   OVER' if over else ''}"
        )


@contextmanager
def database(engine: str, lots: int, postings: int, seed: int, *, fresh: bool) -> Iterator[None]:
    """Keep a database by what it is made of, and make it when it is not there."""
    made = hashlib.sha256((HERE / "office_rows.py").read_bytes())
    made.update(trace.digest(engine, lots, postings, seed).encode())
    folder = Path(tempfile.gettempdir(), f"meatbot-office-{made.hexdigest()[:16]}")
    if fresh or not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True, mode=0o755)
    print(f"{engine} --lots {lots} --postings {postings} --seed {seed}: {folder.name}")
    with trace.database(engine, folder) as url:
        os.environ["DATABASE_URL"] = url
        build(lots, postings, seed, folder)
        yield


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=trace.SIZES)
    parser.add_argument("--lots", type=int)
    parser.add_argument("--postings", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args()
    lots = given.lots or trace.SIZES[given.engine][0]
    postings = given.postings or trace.SIZES[given.engine][1]
    with database(given.engine, lots, postings, given.seed, fresh=given.fresh):
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["testserver"]
        print(f"{given.runs} runs a page; load {os.getloadavg()[0]:.1f}")
        show(measure(given.runs))
        exports.show()


if __name__ == "__main__":
    main()
