"""Hold a lot, alone or with everything that was made of it (domain 4.42)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Lot
from crm.operation import Operation
from crm.own_words import own
from crm.people.models import Person
from crm.quality.models import Hold, HoldKind
from crm.quality.operations.hold_forward import hold_forward
from crm.quality.operations.place_hold import place_hold
from engine.errors import Refusal, Refused
from engine.languages.message import Message


@transaction.atomic
def hold_lot(by: Person, *, at: datetime, lot: Lot, kind: str, scope: str, reason: str) -> Hold:
    """Return the hold on the lot itself; what of a forward set is held so already stays as it is.

    Raises Refused when the lot alone is held so already, and without a reason of 5 to 500
    characters."""
    if scope == "forward":
        held = hold_forward(by, lot=lot, kind=kind, reason=reason, at=at)
        return next(hold for hold in held if hold.lot_id == lot.pk)
    hold = place_hold(by, lot=lot, kind=kind, reason=reason, at=at)
    if hold.placed_at != at or hold.placed_by_id != by.pk:
        text = Message("Уже заблокировано. {kind}: {reason}")
        values = {"kind": hold.kind_said, "reason": own(hold.reason)}
        raise Refused(Refusal(text, values, again="kind"))
    return hold


OPERATION = Operation(
    {
        "lot": "lot",
        "kind": f"choice({', '.join(HoldKind.values)})",
        "scope": "choice(one, forward)",
        "reason": "text",
    },
    hold_lot,
    "hold",
)
