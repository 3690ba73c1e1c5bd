"""Traces, recall, hold, stock and the office's pages on a database with years of a plant: SQLite
with 100,000 lots, PostgreSQL with a million (a quick run: 8,000 on SQLite)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from tests.bench.row import Found, Group, Of, Place, Row, Size, at_most

ORM = "recursion by the ORM, a question a lot"
P95 = {
    "forward": 25,
    "backward": 10,
    "recall": 150,
    "delivery of 20 lots": 500,
    "label to pack": 10_000,
    "pack": 10_000,
    "hold": 1000,
}
WHAT = {
    "forward": "Everything that a delivery reached",
    "backward": "Everything that a pallet was made of",
    "recall": "The recall report of a delivery",
    "delivery of 20 lots": "Everything that a supplier's delivery of twenty lots reached",
    "label to pack": "A pallet's label read, its card shown, its recall pack made",
    "pack": "The recall pack of a delivery",
    "hold": "Everything that a far-reaching delivery reached, held in one operation",
}
STOCK = {"a whole place": 60, "second minced, free": 40}
SUMMED = "the sum of its postings"
LISTS = {
    "raw batches": 200, "blanks": 200, "orders": 200, "mixes": 200, "second minced": 200,
    "pallets": 200, "loads": 200, "freezers": 200, "shipments": 200, "deviations": 200,
    "holds": 200, "tasks": 200, "audit": 200, "documents": 200, "notices": 200, "people": 200,
    "journal": 200,
}  # fmt: skip
APART = {  # pages that have a row of their own beside the dearest
    "last page": "The last page of the list of {name}, p95",
    "card": "A card of the list of {name}, p95",
}
QUERIES, STORE_QUERIES, STORE_MS, START_MS = 12, 8, 300, 200
NEXT_MS, NEXT_QUERIES = 5, 2
TICKED = 1_000  # mixes at which the peer looks: of ten thousand it takes ten times as long
TICK = f"a tick over {TICKED:,} mixes, two questions each"


def _rows(place: Place) -> Iterator[Row]:
    for name, bound in P95.items():
        yield Row(f"{name}, {place}: p95", WHAT[name], "ms", goal=at_most(bound))
    yield Row(
        f"forward, {place}: beside the ORM", WHAT["forward"], "ms", ORM, at_most(0.1, Of.RATIO)
    )
    for name, bound in STOCK.items():
        yield Row(f"stock, {place}: {name}", "From balances", "ms", SUMMED, at_most(bound))
    yield Row(
        f"what is next, {place}", "The tasks that wait for a role", "ms", TICK, at_most(NEXT_MS)
    )
    yield Row(f"what is next, {place}: queries", "The same", "queries", goal=at_most(NEXT_QUERIES))
    yield Row(
        f"pages, {place}: queries",
        "The list, card or journal of the office that asks the most",
        "queries",
        goal=at_most(QUERIES),
    )
    for name, bound in LISTS.items():
        what = f"The dearest page of the list of {name} whatever is asked of it, and cards, p95"
        yield Row(f"list of {name}, {place}", what, "ms", goal=at_most(bound))
        for page, what in APART.items():
            if (name, page) != ("journal", "card"):
                told = what.format(name=name)
                yield Row(f"list of {name}, {place}: {page}", told, "ms", goal=at_most(bound))
    yield Row(f"start page, {place}", "The plant at a glance", "ms", goal=at_most(START_MS))
    yield Row(f"store, {place}", "The finished-goods store", "ms", goal=at_most(STORE_MS))
    yield Row(
        f"export, {place}",
        "100,000 pallets by 12 columns as xlsx (2,000 in a quick run)",
        "s",
        goal=at_most(10),
    )
    yield Row(f"export, {place}: memory", "The most held meanwhile", "MB", goal=at_most(200))
    yield Row(
        f"a page meanwhile, {place}",
        "The list of tasks while such an export is made in another thread",
        "ms",
        "the same page alone",
    )
    yield Row(
        f"store, {place}: queries", "The same", "queries", goal=at_most(STORE_QUERIES)
    )  # fmt: skip


def measure(place: Place, size: Size) -> Iterator[Found]:
    """Ask about lots that are drawn by the seed, then for every page."""
    from tests.bench import trace

    asked = trace.Asked(size.seed, size.of(40, 200))
    acts = {
        "forward": (trace.forward, asked.raws),
        "backward": (trace.backward, asked.pallets),
        "recall": (trace.recalled, asked.raws[:50]),
        "delivery of 20 lots": (trace.delivered, asked.raws[:50]),
        "label to pack": (trace.labelled, asked.pallets[: size.of(5, 20)]),
        "pack": (trace.packed, asked.raws[: size.of(5, 20)]),
        "hold": (trace.held, asked.far()),
    }
    for name, (act, lots) in acts.items():
        taken = trace.timed(act, lots)
        reached = [act(lot) for lot in lots[:3]]
        yield Found(
            f"{name}, {place}: p95",
            (trace.p95([clock for clock, _ in taken]),),
            cpu_ms=tuple(cpu for _, cpu in taken),
            note=f"{sorted(reached)[len(reached) // 2]} lots",
        )
    yield from _beside(place, size, asked.raws)
    yield from _stock(place, size)
    yield from _next(place, size)
    yield from _pages(place, size)
    yield from _exports(place, size)


def _beside(place: Place, size: Size, lots: list[int]) -> Iterator[Found]:
    from tests.bench import trace

    some = lots[: size.rounds]
    ours, theirs = trace.timed(trace.forward, some), trace.timed(trace.by_orm, some)
    assert trace.by_orm(some[0]) + 1 >= trace.forward(some[0]) > 1
    yield Found(
        f"forward, {place}: beside the ORM",
        tuple(clock for clock, _ in ours),
        tuple(clock for clock, _ in theirs),
        tuple(cpu for _, cpu in ours),
        tuple(cpu for _, cpu in theirs),
    )


def _stock(place: Place, size: Size) -> Iterator[Found]:
    from tests.bench import stock
    from tests.bench.laps import laps, used_with_database

    acts = {
        "a whole place": (stock.of_a_place, stock.of_a_place_summed),
        "second minced, free": (stock.second_minced, stock.second_minced_summed),
    }
    rows = {row.name: row for row in _rows(place)}
    for name, (ours, theirs) in acts.items():
        row = rows[f"stock, {place}: {name}"]
        yield laps(row, size, ours, theirs, used=used_with_database)


def _next(place: Place, size: Size) -> Iterator[Found]:
    from tests.bench import next_up
    from tests.bench.laps import laps, used_with_database
    from tests.bench.on_rows import queries
    from tests.bench.peers.ticker import tick

    row = next(one for one in _rows(place) if one.name == f"what is next, {place}")
    theirs = partial(tick, TICKED)
    found = laps(row, size, next_up.asked, theirs, used=used_with_database)
    yield replace(found, note=f"{next_up.asked()} wait for the role")
    yield Found(f"what is next, {place}: queries", (queries(next_up.asked),))


def _exports(place: Place, size: Size) -> Iterator[Found]:
    from tests.bench import exports
    from tests.bench.reports import alone

    rows = size.of(2_000, 100_000)
    laps = [alone(exports.measured, "xlsx", rows) for _ in range(size.of(2, 5))]
    yield Found(
        f"export, {place}",
        tuple(one[0] for one in laps),
        cpu_ms=tuple(1000 * one[1] for one in laps),
        note=f"{rows:,} rows",
    )
    yield Found(f"export, {place}: memory", tuple(float(one[2]) for one in laps))
    quiet, busy, pages, _ = alone(exports.meanwhile, rows)
    yield Found(f"a page meanwhile, {place}", (busy,), (quiet,), note=f"{pages} pages")


def _pages(place: Place, size: Size) -> Iterator[Found]:
    from tests.bench import office

    costs = office.measure(size.of(5, 20), orders=True)
    store, start = costs.pop("store"), costs.pop("start page")
    yield Found(f"pages, {place}: queries", (max(one.queries for one in costs.values()),))
    for name in LISTS:
        pages = {page: cost for page, cost in costs.items() if page.startswith(f"{name}:")}
        which, dearest = max(pages.items(), key=lambda one: one[1].used)
        sums = max(cost.totals or 0 for cost in pages.values())
        note = which.partition(": ")[2] + (f", sums {sums:.0f} ms" if sums else "")
        yield Found(f"list of {name}, {place}", (dearest.p95,), cpu_ms=(dearest.used,), note=note)
        for page in APART:
            if cost := pages.get(f"{name}: {page}"):
                yield Found(
                    f"list of {name}, {place}: {page}",
                    (cost.p95,),
                    cpu_ms=(cost.used,),
                    note=f"{cost.queries} queries",
                )
    note = f"{start.queries} queries, sums {start.totals or 0:.0f} ms"
    yield Found(f"start page, {place}", (start.p95,), cpu_ms=(start.used,), note=note)
    yield Found(f"store, {place}", (store.p95,), cpu_ms=(store.used,))
    yield Found(f"store, {place}: queries", (store.queries,))


GROUPS = tuple(
    Group(
        f"years {place.value.partition(',')[0]}",
        tuple(_rows(place)),
        partial(measure, place),
        place,
        quick=place is Place.SQLITE_YEARS,
    )
    for place in (Place.SQLITE_YEARS, Place.POSTGRES_YEARS)
)
