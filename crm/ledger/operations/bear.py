"""Give a lot its place in the order in which things came to be, and take it back."""

from __future__ import annotations

from django.db import transaction

from crm.ledger.models import Lot
from crm.ledger.operations.number import next_number


@transaction.atomic
def bear(lot: Lot) -> int:
    """Mark that the thing physically exists now; return its number in the one sequence of
    births."""
    lot.born = next_number("lot_born")
    lot.save(update_fields=["born"])
    return lot.born


def unbear(lot: Lot) -> None:
    """Mark that the thing does not exist any more: its closing event was reversed."""
    lot.born = None
    lot.save(update_fields=["born"])
