"""Take a shipped pallet back: it is on stock again and held (domain 5.7, 5.8)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.operations.reverse import reverse
from crm.operation import Operation
from crm.people.models import Person
from crm.production.leaving import moved_out
from crm.production.models import Pallet, ShipmentPallet
from crm.production.operations.ship_pallet import KIND
from crm.quality.models import HoldKind
from crm.quality.operations.place_hold import place_hold
from engine.errors import Refusal, Refused


@transaction.atomic
def take_back_pallet(by: Person, *, at: datetime, pallet: Pallet, reason: str) -> None:
    """Reverse the shipment of a pallet and hold it `returned`. Raises Refused when it was not
    shipped."""
    event = moved_out(pallet, KIND)
    if event is None:
        raise Refused(Refusal("Паллет {number} не отгружали", {"number": str(pallet)}))
    reverse(event, by=by, reason=reason, occurred_at=at)
    ShipmentPallet.objects.filter(pallet=pallet, removed_at=None).update(
        removed_at=at, returned=True
    )
    place_hold(by, lot=pallet.lot, kind=HoldKind.RETURNED, reason=reason, at=at)


OPERATION = Operation({"pallet": "pallet", "reason": "text"}, take_back_pallet)
