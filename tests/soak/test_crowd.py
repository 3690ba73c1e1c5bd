"""What load a plant holds with one bot and with two, and that none of its processes grows:
`tests.soak.crowd`, small; of five thousand workers at the full scale."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.sizes import sizes
from tests.soak.crowd import TURNS, WORKERS, hold

FULL = sizes().full
CROWD = WORKERS if FULL else 20
COUNT = {1: TURNS // 5, 2: TURNS} if FULL else {1: 600, 2: 600}  # turns, by bots

pytestmark = [pytest.mark.database, pytest.mark.postgres_only]


@pytest.mark.parametrize("bots", [1, 2])
def test_a_crowd_is_answered_without_an_error_and_no_process_grows(
    bots: int, record_property: Callable[[str, object], None]
) -> None:
    held = asyncio.run(hold(CROWD, COUNT[bots], bots))
    for line in str(held).splitlines():
        record_property("said", line)
    print(held)
    assert held.wrong == []
