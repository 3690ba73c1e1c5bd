"""Register a second-minced lot: a by-product that comes to be (domain 4.34, 4.35, 5.5)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from crm.ledger.models import Account, Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.number import next_number
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.own_words import NOTHING_OUT
from crm.people.models import Person
from crm.production.byproducts import Parent, lines_pressed, parents_of, recipes_of
from crm.production.grams import split_by
from crm.production.lines import LINES
from crm.production.models import MincedOrder, Mix, SecondMinced
from crm.production.models.second_minced import SecondKind
from crm.quality.models import HoldKind
from crm.quality.operations.place_hold import place_hold
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number

KIND, SOURCE = "register_second_minced", "second_minced"
NAMES = {
    SecondMinced.Kind.REWORK: "Вторфарш",
    SecondMinced.Kind.MKO1: "МКО1",
    SecondMinced.Kind.MKO2: "МКО2",
    SecondMinced.Kind.MKO3: "МКО3",
}
SALE = " Продажа"


@transaction.atomic
def register_second_minced(
    by: Person,
    *,
    session: UUID | None,
    at: datetime,
    kind: SecondKind,
    net: Decimal,
    produced_on: date,
    key: str,
    for_sale: bool = False,
    order: MincedOrder | None = None,
    mix: Mix | None = None,
    line_mode: str | None = None,
    known_origin: bool = True,
    **fields: Any,
) -> SecondMinced:
    """Make a lot in state `new` with its number ДДММ/N/{kind} and post process −net, its store
    +net. Its parents are the components of the mixes that left the press of its line before it,
    estimated (domain 14.1.3), or the blocked mix that it was taken from; where nothing came out yet
    it is held `no_origin`. `line_mode` is the line that was told. The generation is stored now.

    Raises Refused for a net that is not positive, and for an order of which nothing came out."""
    if net <= 0:
        text = Message("Вес нетто получается {net} кг")
        raise Refused(Refusal(text, {"net": show_number(net, 3)}, again="weight"))
    line = _line(order, mix, at, line_mode) if known_origin else None
    parents = _parents(order, mix, at, line) if known_origin else []
    second = SecondMinced.objects.create(
        lot=Lot.objects.create(kind=Lot.Kind.SECOND_MINCED),
        kind=kind,
        number=_numbered(kind, produced_on, for_sale=for_sale),
        year=produced_on.year,
        session=session,
        for_sale=for_sale,
        produced_on=produced_on,
        registered_at=at,
        net=net,
        source_order=order,
        source_mix=mix,
        source_line=line,
        rework_gen=1 + max((parent.generation for parent in parents), default=0),
        created_at=at,
        created_by=by,
        **fields,
    )
    second.source_recipes.set(recipes_of(order, mix, at, line) if known_origin else ())
    _post(by, second, parents, key, at)
    if known_origin and not parents:
        place_hold(by, lot=second.lot, kind=HoldKind.NO_ORIGIN, reason=NOTHING_OUT, at=at)
    return second


def _numbered(kind: SecondKind, day: date, *, for_sale: bool) -> str:
    number = next_number(f"second_minced_{kind.value}", day.isoformat())
    return f"{day:%d%m}/{number}/{NAMES[kind]}{SALE if for_sale else ''}"


def _line(order: MincedOrder | None, mix: Mix | None, at: datetime, told: str | None) -> int | None:
    """Return the line that a by-product is of: that of its mix, the one that was told, the only one
    that it can be of; None is both."""
    if mix is not None:
        return mix.line
    may_be = LINES[told] if told is not None else lines_pressed(order, at)
    return may_be[0] if len(may_be) == 1 else None


def _parents(
    order: MincedOrder | None, mix: Mix | None, at: datetime, line: int | None
) -> list[Parent]:
    """Return what a by-product came out of. Raises Refused for an order that gave nothing yet."""
    parents = parents_of(order, mix, at, line)
    if not parents and order is not None:
        text = Message("Из партии {number} ещё ничего не вышло. Выберите «Вся смена»")
        raise Refused(Refusal(text, {"number": str(order)}, again="order"))
    return parents


def _post(by: Person, second: SecondMinced, parents: list[Parent], key: str, at: datetime) -> None:
    """Let a lot come to be: process −net, its store +net, with its parents."""
    bear(second.lot)
    rework = second.kind == SecondMinced.Kind.REWORK
    store = Account.REWORK_STORE if rework else Account.MKO_STORE
    order, mix = second.source_order, second.source_mix
    post(
        KIND,
        [
            Line(second.lot, Account.PROCESS, -second.net, order=order, mix=mix),
            Line(second.lot, store, second.net),
        ],
        by=by,
        session=second.session,
        source=SOURCE,
        key=key,
        occurred_at=at,
        edges=[
            EdgeLine(parent.lot, second.lot, kg, kind="rework", estimated=parent.estimated)
            for parent, kg in shared(parents, second.net)
        ],
    )


def shared(parents: list[Parent], net: Decimal) -> list[tuple[Parent, Decimal]]:
    """Divide the net of a lot over its parents by the kilograms that each gave."""
    if not parents:
        return []
    parts = split_by(net, [parent.kg for parent in parents])
    return [(parent, kg) for parent, kg in zip(parents, parts, strict=True) if kg > 0]
