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
from crm.quality.models import RecallDrill
from engine.errors import Refusal, Refused
from engine.languages.message import Message, listed
from engine.model.values import show_number

FINISHED = (Pallet.State.IN_STOCK, Pallet.State.RESERVED, Pallet.State.SHIPPED)


@transaction.atomic
def start_drill(by: Person, *, session: UUID, at: datetime, lot: Lot | None = None) -> RecallDrill:
    """Keep a drill in state `new` with what a recall of the lot finds at this moment; without a
    lot, of a finished pallet that the number of the session draws. Its clock runs from `at`; done
    twice with one session it is one drill.

    Raises Refused when there is no finished pallet to draw."""
    there = RecallDrill.objects.filter(session=session).first()
    if there is not None:
        return there
    lot = lot or _drawn(session)
    found = recall(lot.pk)
    return RecallDrill.objects.create(
        lot=lot,
        result=said(lot, found, at),
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


OPERATION = Operation({"lot": "lot?"}, start_drill, "recall_drill")
