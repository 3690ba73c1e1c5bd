"""How fast the simulated plant lives: forty workers who talk by the bot's own path."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.bench.row import Found, Group, Place, Row, Size

MINUTE_MS = 60_000


def _rows(place: Place) -> tuple[Row, ...]:
    return (
        Row(f"simulated days a minute, {place}", "Days of the plant in a minute", "days"),
        Row(f"turns a second, {place}", "Of its workers, timers and the office among them", "/s"),
        Row(f"a turn of the plant, {place}", "All that comes of it, letters delivered", "ms"),
    )


def measure(place: Place, size: Size) -> Iterator[Found]:
    """Let it live some hours."""
    from datetime import timedelta

    from tests.bench import on_rows
    from tests.bench.laps import used_with_database, yardstick

    days = 1 / size.of(24, 4)
    rates, turns, costs, floors = [], [], [], []
    with on_rows.plant() as talker:
        from crm.plant.simulate import simulate

        clock = talker.clock
        for lap in range(size.rounds):
            cpu = used_with_database()
            done = simulate(clock, days, size.seed + lap)
            costs.append(1000 * (used_with_database() - cpu) / max(1, done.turns))
            rates.append(60 * days / done.seconds)
            turns.append(done.rate)
            cpu = used_with_database()
            yardstick()
            floors.append(1000 * (used_with_database() - cpu))
            clock.move(timedelta(seconds=1))
    rate, speed, turn = (row.name for row in _rows(place))
    yield Found(rate, tuple(rates), note=f"{24 * days:g} hours a lap")
    yield Found(speed, tuple(turns))
    yield Found(turn, tuple(costs), tuple(floors), tuple(costs), tuple(floors))


GROUPS = tuple(
    Group(f"simulated {place}", _rows(place), partial(measure, place), place)
    for place in (Place.SQLITE, Place.POSTGRES)
)
