"""Begin a mock recall (domain 4.45, 14.2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.ledger.models import Lot
from crm.operation import Operation
from crm.people.models import Person
from crm.production.lots import called
from crm.production.models import Pallet
from crm.production.recall import Recall, recall
from crm.production.recall_scope import beside
from crm.quality.models import RecallDrill
from crm.quality.models.drill import Scope
from engine.errors import Refusal, Refused
from engine.languages.message import Message, listed
from engine.model.values import show_number

FINISHED = (Pallet.State.IN_STOCK, Pallet.State.RESERVED, Pallet.State.SHIPPED)


@transaction.atomic
def start_drill(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    scope: str = Scope.GENEALOGY,
    lot: Lot | None = None,
) -> RecallDrill:
    """Keep a drill in state `new` with what a recall of the lot finds at this moment, and what the
    scope adds to it; without a lot, of a finished pallet that the number of the session draws. Its
    clock runs from `at`; done twice with one session it is one drill.

    Raises Refused when there is no finished pallet to draw."""
    there = RecallDrill.objects.filter(session=session).first()
    if there is not None:
        return there
    lot = lot or _drawn(session)
    found = recall(lot.pk)
    return RecallDrill.objects.create(
        lot=lot,
        scope=scope,
        result=listed([said(lot, found, at), *_added(found, Scope(scope))], "\n"),
        clock={step: round(seconds, 3) for step, seconds in found.clock.items()},
        started_by=by,
        started_at=at,
        session=session,
    )


def _drawn(session: UUID) -> Lot:
    pallets = Pallet.objects.filter(state__in=FINISHED).order_by("pk")
    lots = list(pallets.values_list("lot", flat=True))
    if not lots:
        raise Refused(Refusal("Готовых паллетов ещё нет. Выберите «По номеру»", again="lot"))
    return Lot.objects.get(pk=lots[session.int % len(lots)])


def _added(found: Recall, scope: Scope) -> list[Message]:
    """Say what the scope adds to the genealogy, as a line; nothing where it is the genealogy."""
    if scope is Scope.GENEALOGY:
        return []
    more = beside(found.trace.parts.keys(), scope)
    words = {
        "scope": str(scope.label),
        "lots": str(more.lots),
        "on_hand": show_number(more.on_hand, 3),
        "shipped": show_number(more.shipped, 3),
    }
    return [
        Message("Ещё {scope}: лотов {lots}, на складах {on_hand} кг, отгружено {shipped} кг", words)
    ]


def said(lot: Lot, found: Recall, at: datetime) -> str:
    """Say what a recall found: how many lots, where they are, who has them, what adds up."""
    customers = {one.customer for one in found.shipped}
    words = {
        "lot": called(lot).among(at.year),
        "lots": str(len(found.trace.parts)),
        "on_hand": show_number(sum(found.on_hand.values()), 3),
        "in_process": show_number(sum(found.in_process.values()), 3),
        "shipped": show_number(sum(one.kg for one in found.shipped), 3),
        "customers": str(len(customers)),
        "suspect": show_number(found.suspect.accounted, 2),
        "product": show_number(found.product.accounted, 2),
        "unexplained": show_number(found.suspect.unexplained, 3),
    }
    return listed(
        [
            Message("{lot}. Затронуто лотов: {lots}", words),
            Message("На складах {on_hand} кг, в производстве {in_process} кг", words),
            Message("Отгружено {shipped} кг, заказчиков: {customers}", words),
            Message("Объяснено: сырьё {suspect} %, продукция {product} %", words),
            Message("Необъяснённое: {unexplained} кг", words),
        ],
        "\n",
    )


OPERATION = Operation(
    {"lot": "lot?", "scope": "choice(genealogy, carry_over, line, equipment)"},
    start_drill,
    "recall_drill",
)
