"""Give a lot its place in the order in which things came to be, and take it back."""

from __future__ import annotations

from crm.at_once import Said, write
from crm.ledger.models import Lot
from crm.ledger.operations.number import next_number
from crm.prepared import Change, Hole
from crm.whole import whole

BIRTHS = ("lot_born", "")  # the counter of all lots
BORN = Change(lambda: (Lot.objects.filter(pk=Hole(Lot, "id")), {"born": Hole(Lot, "born")}))


@whole
def bear(lot: Lot) -> None:
    """Mark that the thing physically exists now, by a number in the one sequence of births."""
    write(borne(lot, next_number(*BIRTHS)))


def borne(lot: Lot, born: int) -> Said:
    """Return what marks that, for who takes several numbers and writes more at once."""
    lot.born = born
    return BORN.said(id=lot.pk, born=born)


def unbear(lot: Lot) -> None:
    """Mark that the thing does not exist any more: its closing event was reversed."""
    lot.born = None
    BORN(id=lot.pk, born=None)
