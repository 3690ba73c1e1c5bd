"""An order whose lines may keep kilograms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from crm.catalogue.models import Recipe
from crm.ledger.models import Lot
from crm.production.models import MincedOrder, OrderItem
from tests.seeded import seed


@pytest.fixture
def order(db: None, at: datetime) -> MincedOrder:
    """An active order of three lines, positions 1 to 3."""
    seed()
    order = MincedOrder.objects.create(
        state="active", number="Ф1", session=uuid4(), product_line="mmo", number_mix=1,
        recipe=Recipe.objects.earliest("pk"), line_mode="line_1", route="plate",
        arrival_date=at.date(), start_not_before=at, created_at=at,
    )  # fmt: skip
    for position in (1, 2, 3):
        lot = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
        OrderItem.objects.create(order=order, position=position, lot=lot, kg_planned=Decimal(1))
    return order
