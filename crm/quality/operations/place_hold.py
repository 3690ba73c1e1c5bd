"""Hold a lot: forbid uses of it until somebody releases it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Lot
from crm.ledger.operations.lock import lock_lots
from crm.ledger.operations.take_out import checked_reason
from crm.people.models import Person
from crm.quality.models import Hold, HoldKind


@transaction.atomic
def place_hold(
    by: Person | None, *, lot: Lot, kind: HoldKind | str, reason: str, at: datetime, case: str = ""
) -> Hold:
    """Hold one lot; an open hold of the same kind and case is returned as it is.

    It waits for whoever uses the lot at this moment, and who comes later sees it. `case` is the
    number of a recall. Raises Refused without a reason of 5 to 500 characters."""
    return hold_all(by, ids=[lot.pk], kind=kind, reason=reason, at=at, case=case)[0]


def hold_all(
    by: Person | None,
    *,
    ids: list[int],
    kind: HoldKind | str,
    reason: str,
    at: datetime,
    case: str = "",
) -> list[Hold]:
    """Hold several lots inside the transaction of the caller, in one statement; return the open
    holds of all of them, by lot."""
    reason = checked_reason(reason)
    lock_lots(ids)
    same = Hold.objects.filter(
        lot_id__in=ids, kind=HoldKind(kind), case=case, released_at__isnull=True
    )
    held = {one.lot_id: one for one in same}  # read once: somebody may release them meanwhile
    made = Hold.objects.bulk_create(
        Hold(lot_id=lot, kind=HoldKind(kind), reason=reason, placed_by=by, placed_at=at, case=case)
        for lot in sorted({*ids} - held.keys())
    )
    return sorted([*held.values(), *made], key=lambda one: one.lot_id)
