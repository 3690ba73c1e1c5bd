"""What there is to know of a lot at a glance: where it stands, what holds it, what it was made of
and what became of it, one step each way (domain 4.41)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from crm.ledger.models import Edge, Lot
from crm.ledger.trace import given_masses
from crm.own_words import own
from crm.production.customers import left_as
from crm.production.lots import called, named
from crm.production.lying import stored
from crm.production.models import PalletItem
from crm.production.models.pallet import STOCKED
from crm.quality.models import Hold
from crm.quality.usable import Use, blocking
from engine.languages.message import Message, listed, lowered
from engine.model.values import show_number

MOST = 10  # lines each way; the rest is counted


def card(lot: Lot, at: datetime) -> str:
    """Return the card of a lot as it is read in a year: its state, kilograms, holds, one level
    back and one forward."""
    me = called(lot)
    year = timezone.localtime(at).year
    title = Message("{lot}: {state}").with_values(
        {"lot": me.among(year), "state": lowered(me.state_title)}
    )
    return listed([title, *_masses(lot), *_holds(lot, year), *_around(lot, year)], "\n")


def whole(lot: Lot) -> Decimal | None:
    """Return the kilograms that a lot came to be with; None while it is only planned. A pallet of
    вторфарш was made of nothing: what is on it stays under its own lots."""
    edges = _live(lot.edges_in.all())
    if edges:
        return sum((edge.kg for edge in edges), Decimal(0))
    if lot.kind == Lot.Kind.PALLET and lot.pallet.state in STOCKED:
        net: Decimal | None = lot.pallet.net
        return net
    return given_masses([lot.pk]).get(lot.pk)


def _masses(lot: Lot) -> Iterator[str]:
    made = whole(lot)
    if made is None:
        yield Message("Физически ещё не появился")
        return
    kg = {"made": show_number(made, 3), "there": show_number(stored(lot)[0], 3)}
    yield Message("Всего {made} кг, на складах {there} кг").with_values(kg)


def _holds(lot: Lot, year: int) -> Iterator[str]:
    own = list(Hold.objects.filter(lot=lot, released_at__isnull=True).order_by("pk"))
    for hold in own:
        yield _held(Message("🔴 Заблокировано. {kind}: {reason}"), hold)
    inherited = None if own else blocking(lot, Use.SHIPPING)
    if inherited is not None:
        origin = called(inherited.lot).among(year)
        text = Message("🔴 Заблокировано по происхождению ({origin}). {kind}: {reason}")
        yield _held(text, inherited, origin=origin)
    if not own and inherited is None:
        yield Message("🟢 Блокировок нет")


def _held(text: Message, hold: Hold, **more: str) -> str:
    kind = hold.kind_said
    return text.with_values({"kind": kind, "reason": own(hold.reason), **more})


def _around(lot: Lot, year: int) -> Iterator[str]:
    back = [(edge.parent_id, edge.kg) for edge in _live(lot.edges_in.all())]
    if not back and lot.kind == Lot.Kind.PALLET:  # what is on it, before it is weighed
        items = PalletItem.objects.filter(pallet__lot=lot).order_by("pk")
        back = [(item.lot_id, item.kg) for item in items]
    ahead = [(edge.child_id, edge.kg) for edge in _live(lot.edges_out.all())]
    yield from _side(Message("Из чего:"), back, year)
    gone = list(_shipped(lot))
    if ahead or not gone:
        yield from _side(Message("Куда ушло:"), ahead, year)
    yield from gone


def _side(title: str, lines: Iterable[tuple[int, Decimal | None]], year: int) -> Iterator[str]:
    found = list(lines)
    if not found:
        yield Message("{title} ничего").with_values({"title": title})
        return
    yield title
    names = named(lot for lot, _ in found)
    for lot, kg in found[:MOST]:
        name = names[lot].among(year)
        if kg is None:
            yield Message("• {lot}").with_values({"lot": name})
        else:
            yield Message("• {lot} – {kg} кг").with_values({"lot": name, "kg": show_number(kg, 3)})
    if len(found) > MOST:
        yield Message("…и ещё {count}").with_values({"count": str(len(found) - MOST)})


def _shipped(lot: Lot) -> Iterator[str]:
    """Give the shipments that took it away."""
    for one in left_as([lot.pk]):
        if not one.back:
            when = f"{timezone.localtime(one.at):%d.%m.%Y %H:%M}"
            words = {"number": one.shipment, "customer": one.customer, "when": when}
            text = Message("Куда ушло: отгрузка {number}, {customer}, {when}")
            yield text.with_values(words)


def _live(edges: QuerySet[Edge]) -> list[Edge]:
    weighed = edges.filter(kg__gt=0, voided_by__isnull=True)
    return list(weighed.order_by("parent_born", "child_born", "pk"))
