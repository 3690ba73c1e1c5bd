"""The generated plant keeps its books, and the database is whole again after it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from crm.ledger.models import Edge, Event, Lot, Posting
from crm.ledger.trace import Way, lots_of
from crm.ledger.verify import verify
from crm.production.recall import recall
from tests.bench.plant_rows import A_DAY, fill

pytestmark = pytest.mark.django_db(transaction=True)


def test_generated_books_are_true_and_lead_from_a_delivery_to_customers() -> None:
    said: list[str] = []
    fill(3 * A_DAY, 20_000, 1, said.append)
    assert Lot.objects.filter(born__isnull=False).count() == 3 * A_DAY
    assert abs(Posting.objects.count() - 20_000) < 1_000
    assert [found for found in verify() if found.count] == []
    first = recall(1)
    assert len(first.names) == len(lots_of([1], Way.FORWARD)) > 200
    assert {gone.shipment[:6] for gone in first.shipped} == {"О-2026"}
    assert Edge.objects.filter(kind="rework").exists()
    assert said[-1] == "records made"
    with pytest.raises(IntegrityError, match="append-only"):
        connection.cursor().execute("DELETE FROM ledger_event")
    assert Event.objects.exists()
