"""The plant of the reference data, its people with phones in their hands, on a Sunday at 11:30."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import RawBatch
from tests.crm.production.stock import batch_in_stock
from tests.seeded import seed

START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture
def talker(db: None) -> Iterator[Talker]:
    seed()
    with PlantClock(START) as clock:
        yield Talker(clock)


@pytest.fixture
def carcass(talker: Talker) -> RawBatch:
    """4 000 kg of chilled каркас that fits recipe 2 «Люкс»."""
    return batch_in_stock("carcass", Decimal(4000), ("15.00", "13.50", "68.00"), "chilled")
