"""What a hold would stop (domain 4.42): how many lots, how many kilograms of them are here."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.production.lying import stored
from crm.production.recall import recall

SCOPE = "choice(one, forward)"


def hold_scope(lot: Lot, scope: str) -> Line:
    """Return the lot alone, or with everything that was made of it: what is on the stores and in
    process, without what customers have."""
    found = recall(lot.pk)
    lots = [*found.trace.parts] if scope == "forward" else [lot.pk]
    here = {**found.in_process, **found.on_hand}
    if scope == "one" and (there := stored(lot)[0]):
        here[lot.pk] = there  # of a pallet of вторфарш the books keep it under its lots
    kg = sum((here.get(one, Decimal(0)) for one in lots), Decimal(0))
    return Line(str(lot.pk), "", {"count": len(lots), "kg": kg})


FACT = Fact(
    params=("lot", SCOPE),
    result="hold_scope",
    answer=hold_scope,
    records={"hold_scope": {"count": "integer", "kg": "number kg"}},
)
