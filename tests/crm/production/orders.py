"""Orders made by the plant's own operations, without talking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.catalogue.models import Recipe
from crm.fact import Line
from crm.ledger.models import Account, Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import Line as PostingLine
from crm.ledger.operations.post import post
from crm.people.models import AccessRequest, Person
from crm.production.models import (
    Blank,
    FreezerLoad,
    MincedOrder,
    Mix,
    Pallet,
    RawBatch,
    SecondMinced,
)
from crm.production.operations.plan_order import plan_order
from crm.production.operations.reserve_order import reserve_order
from crm.quality.models import Check
from crm.work.models import Handover, HelpRequest
from engine.model.conversation import Actor
from engine.ports import Context


def line(kg: str | Decimal, what: RawBatch | Blank | None = None) -> Line:
    """Return a line of a composition; of nothing it is вторфарш."""
    batch = what if isinstance(what, RawBatch) else None
    blank = what if isinstance(what, Blank) else None
    return Line("", "", {"kg": Decimal(kg), "batch": batch, "blank": blank})


def new_order(
    items: Sequence[Line], mixes: int, recipe: int = 1, line_mode: str = "line_1"
) -> MincedOrder:
    """Make an order as its form does before it is planned: nothing is reserved yet."""
    who, now = Person.objects.holding("technologist").first(), timezone.localtime()
    assert who is not None
    made_by = Recipe.objects.get(number=recipe)
    return plan_order(
        who,
        session=uuid4(),
        at=now,
        product_line=made_by.product_line,
        items=items,
        number_mix=mixes,
        recipe=made_by,
        line_mode=line_mode,
        is_night=False,
        arrival_date=now.date(),
    )


def planned(
    items: Sequence[Line], mixes: int, recipe: int = 1, line_mode: str = "line_1"
) -> MincedOrder:
    """Make an order and reserve it; its mixes stand ready to leave the mixer of line 1."""
    order = new_order(items, mixes, recipe, line_mode)
    reserve_order(None, at=timezone.localtime(), order=order)
    order.mixes.update(state=Mix.State.READY_TO_DISCHARGE, line=1)
    return order


def fire(
    record: MincedOrder
    | Mix
    | FreezerLoad
    | HelpRequest
    | Handover
    | Blank
    | AccessRequest
    | RawBatch
    | Pallet
    | Check
    | SecondMinced,
    name: str,
    reason: str = "",
    who: str = "technologist",
    **given: Any,
) -> None:
    """Do a transition as somebody of a role, as a button of the office does."""
    person = Person.objects.holding(who).first()
    assert person is not None
    actor = Actor(str(person.pk), str(person), frozenset({who}))
    context = Context(actor, "", timezone.localtime())
    DjangoOperations(program()).fire(row_of(record), name, context, reason, given)


def rework(kg: str, number: int = 1, generation: int = 1, age_days: int = 0) -> SecondMinced:
    """Put a lot of вторфарш on the store."""
    now = timezone.localtime()
    lot = Lot.objects.create(kind=Lot.Kind.SECOND_MINCED)
    produced_on = now.date() - timedelta(days=age_days)
    second = SecondMinced.objects.create(
        state=SecondMinced.State.REGISTERED,
        kind=SecondMinced.Kind.REWORK,
        number=f"{produced_on:%d%m}/{number}/Вторфарш",
        year=produced_on.year,
        lot=lot,
        produced_on=produced_on,
        registered_at=now,
        net=Decimal(kg),
        rework_gen=generation,
        created_at=now,
    )
    bear(lot)
    post(
        "register",
        [
            PostingLine(lot, Account.PROCESS, -Decimal(kg)),
            PostingLine(lot, Account.REWORK_STORE, Decimal(kg)),
        ],
        by=None,
        session=None,
        source="test",
        key=f"rework {lot.pk}",
        occurred_at=now,
    )
    return second
