"""Put remains of pet-food mixes on a buffer pallet (domain 4.33)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.audit.operations.overwrite import Difference, Why, keep, overwrite, said_of
from crm.operation import Operation
from crm.people.models import Person
from crm.production.boxes import box_net, most_boxes
from crm.production.grams import split_evenly
from crm.production.models import Mix, Pallet, PalletItem
from crm.production.operations.make_pallet import make_pallet
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.conversation import Answer
from engine.model.values import show_number

THERE = "open_buffer_boxes()"  # of the form: what its weight is given for


@transaction.atomic
def fill_buffer_pallet(
    by: Person,
    *,
    at: datetime,
    pallet: Pallet | None,
    pallet_number: int | None,
    box_count: int,
    sources: Sequence[Mix],
    gross: Decimal,
    pallet_weight: Decimal,
    answers: Mapping[str, Answer] | None = None,
) -> Pallet:
    """Make a buffer pallet with its boxes, or add boxes to the one that collects; never above its
    limit, what is over is for the next one. The kilograms of one filling are divided evenly over
    its mixes, to the gram (domain Q15). What later ones add is in the pallet's history.

    `gross` is the weight of the boxes that go on now, with the pallet when it is new. Raises
    Refused for a pallet that is full or closed, no mixes, a net that is not positive, and where
    somebody put boxes on since the form of `answers` asked what its own weigh."""
    if not sources:
        raise Refused(Refusal("Отметьте хотя бы один замес", again="sources"))
    have = pallet.box_count or 0 if pallet else 0
    if pallet is not None and (pallet.state != Pallet.State.OPEN or pallet.closed):
        text = Message("Паллет {number} коробок больше не принимает")
        raise Refused(Refusal(text, {"number": str(pallet)}, again="box_count"))
    _refuse_more(have, answers or {})
    added = min(box_count, most_boxes() - have)
    before = (pallet.gross or Decimal(0)) if pallet else Decimal(0)
    tare = (pallet.pallet_weight or Decimal(0)) if pallet else pallet_weight
    boxes = have + added
    net = box_net(before + gross, boxes, tare)
    there = (pallet.net_expected or Decimal(0)) if pallet else Decimal(0)
    if added <= 0 or net <= there:
        text = Message("Вес нетто получается {net} кг")
        raise Refused(Refusal(text, {"net": show_number(net, 3)}, again="gross"))
    why, more = Why(by, at), pallet is not None
    if pallet is None:
        pallet = _new(by, pallet_number, at)
    values = {
        "box_count": boxes,
        "gross": before + gross,
        "pallet_weight": tare,
        "net_expected": net,
    }
    overwrite(pallet, values, why)
    for mix, kg in zip(sources, split_evenly(net - there, len(sources)), strict=True):
        added_kg = _add(pallet, mix, kg)
        if more:
            keep(pallet, [added_kg], why, part=str(mix))
    return pallet


def _refuse_more(have: int, answers: Mapping[str, Answer]) -> None:
    """Refuse a weight that was asked for other boxes: so many fitted on what was there then."""
    asked = [one.depended[THERE] for one in answers.values() if THERE in one.depended]
    if any(count != have for count in asked):
        text = Message("На паллете уже {count} коробок: их добавили, пока вы отвечали")
        raise Refused(Refusal(text, {"count": str(have)}, again="box_count"))


def _new(by: Person, number: int | None, at: datetime) -> Pallet:
    if number is None:
        raise Refused(Refusal("Введите номер паллета", again="pallet_number"))
    there = Pallet.objects.filter(
        kind=Pallet.Kind.BUFFER, state=Pallet.State.OPEN, closed=False
    ).first()
    if there:
        text = Message("Буферный паллет {number} уже открыт: добавьте коробки на него")
        raise Refused(Refusal(text, {"number": str(there)}, again="pallet_number"))
    return make_pallet(
        by, number=number, kind=Pallet.Kind.BUFFER, lots=[], at=at, product_line="mko"
    )


def _add(pallet: Pallet, mix: Mix, kg: Decimal) -> Difference:
    """Put kilograms of a mix on a pallet; return from how many to how many."""
    item, _ = PalletItem.objects.get_or_create(pallet=pallet, lot=mix.lot)
    before, item.kg, item.estimated = item.kg, (item.kg or Decimal(0)) + kg, True
    item.save(update_fields=["kg", "estimated"])
    return Difference("kg", said_of(before), said_of(item.kg))


OPERATION = Operation(
    {
        "pallet": "pallet?",
        "pallet_number": "integer?",
        "box_count": "integer",
        "sources": "list of mix",
        "gross": "number kg",
        "pallet_weight": "number kg",
        "answers": "answers",
    },
    fill_buffer_pallet,
    "pallet",
)
