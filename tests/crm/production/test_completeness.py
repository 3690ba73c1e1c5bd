"""How much of what was shipped leads to a delivery (domain 14.1.3)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.production.completeness import completeness
from crm.production.models import Mix, Pallet
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.accept_without_origin import accept_without_origin
from crm.quality.models import Hold
from tests.crm.production.pallets import by_hand, kg, now, shipped, stocked, who
from tests.seeded import seed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seeded(db: None) -> None:
    seed()


def test_what_was_made_of_a_delivery_is_traced_to_the_gram() -> None:
    shipped(stocked(1))
    found = completeness(now() - timedelta(days=1))
    assert (found.shipped, found.traced, found.percent) == (kg(922), kg(922), Decimal("100.00"))
    assert found.orphans == []
    assert completeness(now() + timedelta(days=1)).percent is None


def test_what_nobody_knows_the_origin_of_is_named_and_missing() -> None:
    unknown = by_hand(accept_without_origin, "pet_food")
    accept_pallet(who(), at=now(), pallet=unknown)
    Pallet.objects.filter(pk=unknown.pk).update(state="in_stock")
    Hold.objects.all().delete()
    Mix.objects.update(ash_state="in_norm")
    shipped(stocked(1), unknown)
    found = completeness(now() - timedelta(days=1))
    assert (found.shipped, found.traced) == (kg(1222), kg(922))
    assert found.percent == Decimal("75.45")
    assert found.orphans == [unknown.items.get().lot_id]
