"""What the processes of `test_rounds.py` do."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def draw(lot: int) -> str:
    """Take one kilogram."""
    from crm.ledger.models import Lot
    from crm.ledger.operations.scrap import scrap

    row = Lot.objects.get(pk=lot)
    event = scrap(None, lot=row, kg=Decimal(1), reason="проверка", session=uuid4(), at=AT)
    return str(event.pk)


def reserve_one(given: tuple[int, int]) -> str:
    """Keep one kilogram of a lot for a line."""
    from crm.ledger.models import Account, Lot, Reservation
    from crm.ledger.operations.reserve import reserve

    lot, line = given
    kept = reserve(
        lot=Lot.objects.get(pk=lot), account=Account.RAW_STORE, kg=Decimal(1), at=AT,
        holder=Reservation.Holder.ORDER_ITEM, holder_id=line,
    )  # fmt: skip
    return str(kept.kg)


def hold_or_release(given: tuple[str, int]) -> str:
    """Hold a lot, or release what holds it; return the lot of the hold."""
    from crm.ledger.models import Lot
    from crm.quality.models import Hold
    from crm.quality.operations.place_hold import place_hold
    from crm.quality.operations.release_hold import release_hold

    what, number = given
    if what == "hold":
        lot = Lot.objects.get(pk=number)
        return str(place_hold(None, lot=lot, kind="manual", reason="проверка", at=AT).lot_id)
    hold = Hold.objects.filter(lot_id=number).latest("pk")
    return str(release_hold(None, hold=hold, reason="проверка", at=AT, decided=True).lot_id)
