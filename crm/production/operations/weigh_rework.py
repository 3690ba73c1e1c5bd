"""Bring вторфарш on a pallet to what the pallet weighs: it is kept under its own lots (domain 7.2,
11.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from crm.ledger.models import Account, Event
from crm.ledger.operations.lock import lock_balances
from crm.ledger.operations.post import Line, post
from crm.people.models import Person
from crm.production.grams import NOTHING, split_by
from crm.production.models import Pallet, PalletItem
from engine.errors import Refusal, Refused
from engine.languages.message import Message

KIND, SOURCE = "weigh_rework", "pallet"
STORE = Account.REWORK_STORE


def weigh_rework(
    by: Person | None, *, at: datetime, pallet: Pallet, items: Sequence[PalletItem], net: Decimal
) -> None:
    """Post what a pallet weighs more, out of process, or less, into it, than there is of its lots;
    each lot takes its share of the net. What production took of them is gone already.

    Raises Refused when nothing of them is left, and when more would go than is free."""
    places = lock_balances((item.lot_id, STORE.value) for item in items)
    there = [min(item.kg or NOTHING, places[item.lot_id, STORE.value].physical) for item in items]
    if not sum(there):
        text = Message("Вторфарш паллета {number} весь взят в производство")
        raise Refused(Refusal(text, {"number": str(pallet)}))
    lines: list[Line] = []
    for item, was, kg in zip(items, there, split_by(net, there), strict=True):
        if kg != was:
            order = item.lot.second_minced.source_order
            lines += [
                Line(item.lot, Account.PROCESS, was - kg, order=order),
                Line(item.lot, STORE, kg - was),
            ]
        _keep(item, kg)
    if lines:
        done = Event.objects.filter(source=SOURCE, key__startswith=f"{KIND}:{pallet.pk}:").count()
        post(
            KIND,
            lines,
            by=by,
            session=None,
            source=SOURCE,
            key=f"{KIND}:{pallet.pk}:{done}",
            occurred_at=at,
        )


def _keep(item: PalletItem, kg: Decimal) -> None:
    """Write what of a lot lies on a pallet; a lot of which nothing does is not on it."""
    if kg <= 0:
        item.delete()
    elif item.kg != kg:
        item.kg = kg
        item.save(update_fields=["kg"])
