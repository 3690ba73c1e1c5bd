"""What the mixers of a plant take, on a Sunday at 11:30."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.plant.talker import Talker
from crm.production.models import RawBatch
from tests.crm.production.stock import batch_in_stock


@pytest.fixture
def carcass(talker: Talker) -> RawBatch:
    """4 000 kg of chilled каркас that fits recipe 2 «Люкс»."""
    return batch_in_stock("carcass", Decimal(4000), ("15.00", "13.50", "68.00"), "chilled")
