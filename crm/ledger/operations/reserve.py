"""Keep kilograms of a lot for a plan, and give them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from crm.ledger.models import Account, Balance, Lot, Reservation
from crm.ledger.operations.lock import Place, lock_balances
from crm.prepared import POSITIVE, TEXT, Change, Hole, Prepared
from engine.errors import EngineError, Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number

KEPT = Prepared(
    lambda holder, holder_id: Reservation.objects.filter(
        holder=holder, holder_id=holder_id
    ).order_by("id"),
    TEXT,
    POSITIVE,
)
RESERVED = Change(
    lambda: (
        Balance.objects.filter(pk=Hole(Balance, "id")),
        {"reserved": F("reserved") + Hole(Balance, "reserved", "more")},
    )
)


@transaction.atomic
def reserve(
    *,
    lot: Lot,
    account: Account,
    kg: Decimal,
    holder: Reservation.Holder,
    holder_id: int,
    at: datetime,
) -> Reservation:
    """Add kilograms to what a line of a plan keeps of a lot; return all that it keeps.

    Raises Refused with the exact remainder when less is free: of two who reserve the last kilogram
    the later one is refused."""
    if kg <= 0:
        raise EngineError(f"{holder} {holder_id}: only more than nothing is reserved")
    [balance] = lock_balances([(lot.pk, Account(account).value)]).values()
    left = balance.physical - balance.reserved
    if left < kg:
        raise Refused(shortage(left, kg))
    RESERVED(id=balance.pk, more=kg)
    kept, made = Reservation.objects.get_or_create(
        holder=holder,
        holder_id=holder_id,
        lot=lot,
        account=account,
        defaults={"kg": kg, "created_at": at},
    )
    if not made:
        kept.kg += kg
        kept.save(update_fields=["kg"])
    return kept


@transaction.atomic
def unreserve(*, holder: Reservation.Holder, holder_id: int, kg: Decimal | None = None) -> Decimal:
    """Give back what a line of a plan keeps, all of it or `kg` of it; return how much it was.

    Never more than there is; done twice the second time gives back nothing."""
    places = [(row.lot_id, row.account) for row in KEPT.rows(str(holder), holder_id)]
    return take_off(lock_balances(places), holder, holder_id, kg)


def take_off(
    balances: Mapping[Place, Balance],
    holder: Reservation.Holder,
    holder_id: int,
    wanted: Decimal | None,
) -> Decimal:
    """Take reserved kilograms off under the locks of `balances`; return how much it was. The
    balances in hand are brought up to date."""
    taken = Decimal(0)
    for row in KEPT.rows(str(holder), holder_id):
        balance = balances.get((row.lot_id, row.account))
        part = row.kg if wanted is None else min(row.kg, wanted - taken)
        if balance is None or part <= 0:
            continue
        balance.reserved -= part
        RESERVED(id=balance.pk, more=-part)
        if part == row.kg:
            row.delete()
        else:
            row.kg -= part
            row.save(update_fields=["kg"])
        taken += part
    return taken


def shortage(left: Decimal, wanted: Decimal) -> Refusal:
    """Say how much is left of a lot and how much was wanted."""
    text = Message("Осталось {left} кг, нужно {wanted} кг")
    return Refusal(text, {"left": show_number(left, 3), "wanted": show_number(wanted, 3)})
