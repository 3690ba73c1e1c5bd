"""What the screens of the bot, a save and an idle plant cost on rows: statements and time.

The plant is that of the first data with some deliveries, its people talk by the bot's own path in
this process (`crm.plant.talker`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.bench.row import Found, Group, Of, Place, Row, Size, at_most

TASKS = (10, 100, 1000)
MINUTE_S = 60


def _rows(place: Place) -> Iterator[Row]:
    yield Row(
        f"menu, {place}: queries", "The main menu of the lab with counters", "queries",
        goal=at_most(2),
    )  # fmt: skip
    yield Row(f"menu, {place}", "The same by time", "ms")
    for count in TASKS:
        what = f"«Мои задачи» of somebody with {count:,} open tasks"
        yield Row(f"tasks of {count:,}, {place}: queries", what, "queries")
        yield Row(
            f"tasks of {count:,}, {place}", what, "ms", series=f"my tasks, {place}", size=count
        )
    yield Row(
        f"save, {place}: statements",
        "«Сохранить» of the intake: its batch, answers, photos, history, tasks, notices",
        "statements",
        goal=at_most(30),
    )
    yield Row(
        f"save, {place}",
        "The same by time, without its COMMIT",
        "ms",
        "the same statements by the driver in one transaction, without its COMMIT",
        at_most(2.5, Of.RATIO),
    )
    yield Row(
        f"idle, {place}: queries a minute",
        "Sweep, outbox and lease of a bot that nobody talks to",
        "queries",
        goal=at_most(30),
    )


def measure(place: Place, size: Size) -> Iterator[Found]:
    """Let a plant work a little, and ask what its screens cost."""
    from tests.bench import on_rows

    with on_rows.plant() as talker:
        on_rows.deliver(talker, 3)
        yield from _screens(place, size, talker)
        yield from _save(place, size, talker)
        yield Found(f"idle, {place}: queries a minute", (on_rows.idle_a_minute(talker),))


def _screens(place: Place, size: Size, talker) -> Iterator[Found]:
    from tests.bench.laps import laps, used_with_database
    from tests.bench.on_rows import ask_tasks, open_menu, queries, with_tasks

    rows = {row.name: row for row in _rows(place)}
    show = partial(open_menu, talker, "lab")
    show()
    yield Found(f"menu, {place}: queries", (queries(show),))
    yield laps(rows[f"menu, {place}"], size, show, times=20, used=used_with_database)
    for count in TASKS:
        with_tasks("lab", count)
        ask = partial(ask_tasks, talker, "lab")
        ask()
        yield Found(f"tasks of {count:,}, {place}: queries", (queries(ask),))
        row = rows[f"tasks of {count:,}, {place}"]
        yield laps(row, size, ask, times=3, used=used_with_database)


def _save(place: Place, size: Size, talker) -> Iterator[Found]:
    from tests.bench.laps import laps, used_with_database
    from tests.bench.on_rows import Save

    save = Save(talker)
    rows = {row.name: row for row in _rows(place)}
    yield Found(f"save, {place}: statements", (len(save.statements),))
    yield laps(
        rows[f"save, {place}"], size, save.ours, save.theirs, times=3, used=used_with_database
    )


GROUPS = tuple(
    Group(f"plant {place}", tuple(_rows(place)), partial(measure, place), place)
    for place in (Place.SQLITE, Place.POSTGRES)
)
