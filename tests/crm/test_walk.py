"""From the truck to the customer by talking alone, a person a role, and back again by the trace: in
this process. `tests/e2e/test_walk.py` does the same over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from tests.crm.walk import walk_the_plant
from tests.seeded import seed

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)  # 07:30 at the plant


class InProcess(Talker):
    """A door to the plant in this process."""

    def now(self) -> datetime:
        return self.clock.now()


@pytest.fixture
def door(db: None) -> Iterator[InProcess]:
    seed()
    with PlantClock(START) as clock:
        yield InProcess(clock)


def test_a_delivery_becomes_a_pallet_that_is_shipped_and_traced_back(door: InProcess) -> None:
    walk_the_plant(door)
