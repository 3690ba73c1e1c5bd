"""Give a lot its place in the order in which things came to be, and take it back."""

from __future__ import annotations

from crm.ledger.models import Lot
from crm.ledger.operations.number import next_number
from crm.prepared import Change, Hole
from crm.whole import whole

BORN = Change(lambda: (Lot.objects.filter(pk=Hole(Lot, "id")), {"born": Hole(Lot, "born")}))


@whole
def bear(lot: Lot) -> int:
    """Mark that the thing physically exists now; return its number in the one sequence of
    births."""
    lot.born = next_number("lot_born")
    BORN(id=lot.pk, born=lot.born)
    return lot.born


def unbear(lot: Lot) -> None:
    """Mark that the thing does not exist any more: its closing event was reversed."""
    lot.born = None
    BORN(id=lot.pk, born=None)
