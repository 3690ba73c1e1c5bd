"""What load a plant holds with one bot and with two, and that none of its processes grows:
`tests.soak.crowd`, small; of five thousand workers at the full scale."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from engine.simulator.core import Simulator
from tests.crash.parent import FIRST_HIRED
from tests.sizes import sizes
from tests.soak.crowd import SHARE, TURNS, WORKERS, Crowd, Held, hold

FULL = sizes().full
CROWD = WORKERS if FULL else 20
COUNT = {1: TURNS // 5, 2: TURNS} if FULL else {1: 600, 2: 600}  # turns, by bots

pytestmark = [pytest.mark.database, pytest.mark.postgres_only]


def test_who_takes_a_whole_delivery_comes_to_its_end_in_a_crowd_of_thousands() -> None:
    crowd, turns = Crowd(Simulator(), Held(1, 5_000)), list[int]()
    crowd._filling.add(FIRST_HIRED)
    for _ in range(30 * SHARE):
        turns.append(crowd._next())
        crowd._back(turns[-1])
    assert turns.count(FIRST_HIRED) > 27, "answers of a delivery"
    assert len(set(turns)) == len(turns) - turns.count(FIRST_HIRED) + 1


@pytest.mark.parametrize("bots", [1, 2])
def test_a_crowd_is_answered_without_an_error_and_no_process_grows(
    bots: int, record_property: Callable[[str, object], None]
) -> None:
    held = asyncio.run(hold(CROWD, COUNT[bots], bots))
    for line in str(held).splitlines():
        record_property("said", line)
    print(held)
    assert held.wrong == []
