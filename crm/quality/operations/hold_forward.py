"""Hold a lot and everything that was made of it, in one operation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from crm.ledger.models import Lot
from crm.ledger.operations.lock import lock_lots
from crm.ledger.trace import Way, lots_of
from crm.people.models import Person
from crm.production.lying import put_on
from crm.quality.models import Hold, HoldKind
from crm.quality.operations.place_hold import hold_all


def hold_forward(
    by: Person | None, *, lot: Lot, kind: HoldKind | str, reason: str, at: datetime, case: str = ""
) -> list[Hold]:
    """Hold the whole forward set of a lot; return the holds by lot. Those that are held already
    by the same kind and case stay as they are."""
    return hold_all_forward(by, ids={lot.pk}, kind=kind, reason=reason, at=at, case=case)


@transaction.atomic
def hold_all_forward(
    by: Person | None,
    *,
    ids: Collection[int],
    kind: HoldKind | str,
    reason: str,
    at: datetime,
    case: str = "",
) -> list[Hold]:
    """Hold the forward sets of several lots as `hold_forward` does that of one; of a pallet of
    вторфарш, of what was put on it too.

    The set is read again under its locks until nothing new was made of it meanwhile."""
    known: set[int] = set()
    starts = {*ids, *put_on(ids)}
    while (found := lots_of(starts, Way.FORWARD)) - known:
        known = found
        lock_lots(known)
    return hold_all(by, ids=sorted(known), kind=kind, reason=reason, at=at, case=case)
