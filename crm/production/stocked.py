"""Where the kilograms of a pallet on stock are: under its own lot in the store of finished goods,
or, of вторфарш, under its lots in theirs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crm.ledger.models import Account, Lot
from crm.production.models import Pallet, PalletItem
from crm.production.operations.accept_pallet import is_rework, items_of

Stocked = tuple[Lot, Account, Decimal]


def stocked(pallet: Pallet) -> list[Stocked]:
    """Return lots, accounts and kilograms of a pallet that is on stock."""
    items = items_of(pallet)
    if is_rework(items):
        return [(item.lot, Account.REWORK_STORE, item.kg or Decimal(0)) for item in items]
    return [(pallet.lot, Account.FG_STORE, pallet.net or Decimal(0))]


def kept_as(pallet: Pallet, items: Sequence[PalletItem]) -> list[int]:
    """Return the lots under which the books and the genealogy have what is on a pallet, given with
    its items."""
    return [item.lot_id for item in items] if is_rework(items) else [pallet.lot_id]
