"""Keep kilograms of a lot for a plan, and give them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache

from crm.at_once import Said, write
from crm.ledger.models import Account, Balance, Lot, Reservation
from crm.ledger.operations.change_balances import changed
from crm.ledger.operations.lock import Place, lock_balances
from crm.new_rows import insert
from crm.prepared import POSITIVE, TEXT, Change, Hole, Prepared
from crm.whole import whole
from engine.errors import EngineError, Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number

# A reservation's holder, its number, how much of it is used; None: all of it.
Consume = tuple[Reservation.Holder, int, Decimal | None]
LEFT = Change(
    lambda: (
        Reservation.objects.filter(pk=Hole(Reservation, "id")),
        {"kg": Hole(Reservation, "kg")},
    )
)
USED = Change(lambda: (Reservation.objects.filter(pk=Hole(Reservation, "id")), None))


@whole
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
    place = (lot.pk, Account(account).value)
    balances = lock_balances([place])
    left = balances[place].physical - balances[place].reserved
    if left < kg:
        raise Refused(shortage(left, kg))
    more = changed(balances, {}, {place: kg})
    for row in kept([(holder, holder_id, None)]):
        if (row.lot_id, row.account) == place:
            row.kg += kg
            write(*more, LEFT.said(id=row.pk, kg=row.kg))
            return row
    write(*more)
    return insert(
        Reservation(
            holder=holder, holder_id=holder_id, lot=lot, account=account, kg=kg, created_at=at
        )
    )


@whole
def unreserve(*, holder: Reservation.Holder, holder_id: int, kg: Decimal | None = None) -> Decimal:
    """Give back what a line of a plan keeps, all of it or `kg` of it; return how much it was.

    Never more than there is; done twice the second time gives back nothing."""
    consume = [(holder, holder_id, kg)]
    balances = lock_balances((row.lot_id, row.account) for row in kept(consume))
    used, writes = take_off(balances, consume)
    write(*writes, *changed(balances, {}, {place: -part for place, part in used.items()}))
    return sum(used.values(), Decimal(0))


def kept(consume: Iterable[Consume]) -> list[Reservation]:
    """Return what lines of plans keep, oldest first."""
    numbers: dict[str, list[int]] = {}
    for holder, holder_id, _ in consume:
        numbers.setdefault(str(holder), []).append(holder_id)
    return [row for holder, ids in numbers.items() for row in _kept(len(ids)).rows(holder, *ids)]


@cache
def _kept(count: int) -> Prepared:
    return Prepared(
        lambda holder, *ids: Reservation.objects.filter(holder=holder, holder_id__in=ids).order_by(
            "id"
        ),
        TEXT,
        *(POSITIVE - at for at in range(count)),
    )


def take_off(
    balances: Mapping[Place, Balance], consume: Sequence[Consume]
) -> tuple[dict[Place, Decimal], list[Said]]:
    """Return how much of what is kept is used up of each place that is locked, never more than
    there is, and what writes that into the reservations; the balances are left to `changed`."""
    used: dict[Place, Decimal] = defaultdict(Decimal)
    writes: list[Said] = []
    wanted = {(str(holder), holder_id): kg for holder, holder_id, kg in consume}
    for row in kept(consume):
        place, whose = (row.lot_id, row.account), (row.holder, row.holder_id)
        left = wanted[whose]
        part = row.kg if left is None else min(row.kg, left)
        if place not in balances or part <= 0:
            continue
        rest = row.kg - part
        writes.append(LEFT.said(id=row.pk, kg=rest) if rest else USED.said(id=row.pk))
        wanted[whose] = None if left is None else left - part
        used[place] += part
    return used, writes


def shortage(left: Decimal, wanted: Decimal) -> Refusal:
    """Say how much is left of a lot and how much was wanted."""
    text = Message("Осталось {left} кг, нужно {wanted} кг")
    return Refusal(text, {"left": show_number(left, 3), "wanted": show_number(wanted, 3)})
