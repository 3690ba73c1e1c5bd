"""Keep what the technologist decided of a pallet that was accepted without freezing (domain 4.37,
5.9)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Pallet
from crm.production.operations.record_not_frozen import KIND
from crm.quality.models import Deviation, HoldKind
from crm.quality.operations.note_deviation import DECISIONS, close_deviations
from crm.quality.operations.place_hold import place_hold


@transaction.atomic
def decide_not_frozen(
    by: Person | None, *, at: datetime, pallet: Pallet, decision: str, reason: str | None = None
) -> None:
    """Close its open deviation; what is rejected is held for its core temperature. Without an open
    one nothing happens."""
    why = reason or ""
    closed = close_deviations(by, lot=pallet.lot, kinds=(KIND,), state=decision, reason=why, at=at)
    if closed and decision == Deviation.State.REJECTED:
        place_hold(by, lot=pallet.lot, kind=HoldKind.CORE_TEMP, reason=why, at=at)


OPERATION = Operation(
    {"pallet": "pallet", "decision": DECISIONS, "reason": "text?"}, decide_not_frozen
)
