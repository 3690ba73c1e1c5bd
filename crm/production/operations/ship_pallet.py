"""Post a pallet to its customer (domain 5.8, 7.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Account, Reservation
from crm.operation import Operation
from crm.people.models import Person
from crm.production.leaving import move_out
from crm.production.models import Pallet, ShipmentPallet
from crm.quality.usable import Use, refuse_blocked
from engine.errors import Refusal, Refused

KIND = "ship_pallet"


@transaction.atomic
def ship_pallet(by: Person | None, *, at: datetime, pallet: Pallet) -> None:
    """Move everything of a pallet from its store to the customer and take its reservation off.

    Raises Refused for a pallet of no live shipment and for one that a hold keeps, also a hold that
    came a moment ago: placing one waits for the same locks."""
    lots = [pallet.lot_id, *pallet.items.values_list("lot_id", flat=True)]
    refuse_blocked(lots, Use.SHIPPING)
    line = ShipmentPallet.objects.filter(pallet=pallet, removed_at=None).first()
    if line is None:
        raise Refused(Refusal("Паллет {number} ни в одной отгрузке", {"number": str(pallet)}))
    holder = (Reservation.Holder.SHIPMENT_PALLET, line.pk, None)
    move_out(by, pallet, KIND, Account.CUSTOMER, at=at, consume=[holder])


OPERATION = Operation({"pallet": "pallet"}, ship_pallet)
