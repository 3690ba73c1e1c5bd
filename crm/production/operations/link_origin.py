"""Tie a mix or a lot that was accepted by hand to the order that it is of (domain 4.37, 11.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from crm.ledger.models import Account, Edge, Event, Lot, Posting
from crm.ledger.operations.lock import lock_lots
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.ledger.operations.take_out import checked_reason
from crm.people.models import Person
from crm.production.byproducts import Parent, lines_pressed, parents_of
from crm.production.leftover import carried_by_hand
from crm.production.lots import called
from crm.production.models import MincedOrder, Mix, PalletItem, SecondMinced
from crm.production.operations.register_second_minced import shared
from crm.quality.models import Hold, HoldKind
from crm.quality.operations.release_hold import release_hold
from engine.errors import Refusal, Refused
from engine.languages.message import Message

KIND = "link_origin"
LATER = Message(
    "{component} из партии {order} появилась {later}, а {thing} уже {earlier}. Это другая партия"
)


@transaction.atomic
def link_origin(
    by: Person,
    *,
    lot: Lot,
    order: MincedOrder,
    reason: str,
    session: UUID,
    at: datetime,
    line: int | None = None,
    both: bool = False,
) -> None:
    """Make what the mixes of an order took on a line the parents of a by-hand lot, divided by
    kilograms and so estimated; its kilograms are the order's from now on, its line is known, and
    hold `no_origin` is released. Of вторфарш, whose origin nobody knew, the recipe and the
    generation become known. Done twice with one session it changes nothing.

    Raises Refused for who may not release such a hold, for a lot whose origin is known, for an
    order of which nothing came out of that line, without a line for an order of two (of a
    by-product it may be `both`), and, with both times, when a component of it came to be after the
    lot."""
    reason = checked_reason(reason)
    key = f"{KIND}:{session}"
    if Event.objects.filter(source=KIND, key=key).exists():
        return
    if not both or lot.kind == Lot.Kind.MIX:
        line = _line(order, line, at)
    parents = parents_of(order, None, at, line)
    lock_lots([lot.pk, *(parent.lot.pk for parent in parents)])
    holds = Hold.objects.open_on(lot.pk, HoldKind.NO_ORIGIN)
    if not holds:
        raise Refused(Refusal("Происхождение известно: блокировки «Без происхождения» нет"))
    for hold in holds:
        release_hold(by, hold=hold, reason=reason, at=at)
    if not parents:
        text = Message("Из партии {number} ещё ничего не вышло")
        raise Refused(Refusal(text, {"number": str(order)}, again="order"))
    _refuse_later(lot, order, parents)
    kg = _kilograms(lot)
    post(
        KIND,
        [Line(lot, Account.PROCESS, kg), Line(lot, Account.PROCESS, -kg, order=order)],
        by=by,
        session=session,
        source=KIND,
        key=key,
        occurred_at=at,
        reason=reason,
        edges=[*_made_of(lot, parents, kg), *_on_line(lot, line)],
    )
    _remember(lot, order, parents)


def _line(order: MincedOrder, line: int | None, at: datetime) -> int | None:
    """Return the line that is meant: the only one of the order when none is named; None of an
    order whose mixes stood on none."""
    lines = lines_pressed(order, at)
    number = {"number": str(order)}
    if line is None and len(lines) > 1:
        text = Message("Партия {number} шла по обеим линиям: укажите, с какой она")
        raise Refused(Refusal(text, number, again="line"))
    if line is not None and lines and line not in lines:
        text = Message("По этой линии из партии {number} ничего не вышло")
        raise Refused(Refusal(text, number, again="line"))
    return line if line in lines else next(iter(lines), None)


def _made_of(lot: Lot, parents: list[Parent], kg: Decimal) -> Iterator[EdgeLine]:
    """Give what of each parent is in a lot."""
    kind = Edge.Kind.MADE if lot.kind == Lot.Kind.MIX else Edge.Kind.REWORK
    for parent, share in shared(parents, kg):
        yield EdgeLine(parent.lot, lot, share, kind=kind.value, estimated=True)


def _on_line(lot: Lot, line: int | None) -> list[EdgeLine]:
    """Keep the line of a lot, and return what a mix took over on it and left there."""
    if line is None:
        return []
    record = lot.record
    if isinstance(record, SecondMinced):
        record.source_line = line
        record.save(update_fields=["source_line"])
        return []
    assert isinstance(record, Mix)
    record.line = line
    record.save(update_fields=["line"])
    return list(carried_by_hand(record))


def _refuse_later(lot: Lot, order: MincedOrder, parents: Sequence[Parent]) -> None:
    """Refuse a component that is younger than the lot, or came on a later day than the lot is of:
    of what is made by hand only the day is known."""
    there = _came([lot.pk, *(parent.lot.pk for parent in parents)])
    made = _made_on(lot)
    for parent in parents:
        came = timezone.localtime(there.get(parent.lot.pk, parent.lot.created_at))
        earlier = f"{made:%d.%m.%Y}"
        if came.date() <= made:
            if _born(parent.lot) < _born(lot):
                continue
            earlier = f"{timezone.localtime(there.get(lot.pk, lot.created_at)):%d.%m.%Y %H:%M}"
        values = {
            "component": str(called(parent.lot)),
            "order": str(order),
            "later": f"{came:%d.%m.%Y %H:%M}",
            "thing": str(lot.record),
            "earlier": earlier,
        }
        raise Refused(Refusal(LATER, values, again="order"))


def _came(lots: Sequence[int]) -> Mapping[int, datetime]:
    """Return when lots came to be: their first kilograms."""
    first = Posting.objects.filter(lot__in=lots).order_by().values("lot")
    return dict(first.annotate(came=Min("event__occurred_at")).values_list("lot", "came"))


def _born(lot: Lot) -> int:
    return lot.born or 0


def _made_on(lot: Lot) -> date:
    record = lot.record
    if isinstance(record, SecondMinced):
        return record.produced_on
    assert isinstance(record, Mix)
    return timezone.localtime(record.produced_at or record.created_at).date()


def _kilograms(lot: Lot) -> Decimal:
    """Return the net of a lot: what it weighs, of a mix what lies on its pallets."""
    second = lot.record
    if isinstance(second, SecondMinced):
        net: Decimal = second.net
        return net
    items = PalletItem.objects.filter(lot=lot)
    return sum((item.kg or Decimal(0) for item in items), Decimal(0))


def _remember(lot: Lot, order: MincedOrder, parents: Sequence[Parent]) -> None:
    """Keep of a second-minced lot what nobody knew when it came: its order, recipe, generation."""
    second = lot.record
    if not isinstance(second, SecondMinced):
        return
    generation = 1 + max(parent.generation for parent in parents)
    second.source_order, second.rework_gen = order, max(second.rework_gen, generation)
    second.save(update_fields=["source_order", "rework_gen"])
    second.source_recipes.set([order.recipe_id])
