"""Save a blank as it was planned: its lines, its number, what it will be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.fact import Line
from crm.ledger.models import Lot
from crm.ledger.operations.number import next_number
from crm.operation import Operation
from crm.people.models import Person
from crm.production.blend import Blend, blend, part_of_batch
from crm.production.models import Blank, BlankItem, RawBatch
from crm.production.numbers import first_number
from crm.quality.usable import Use, refuse_blocked
from crm.titles import state_said
from engine.errors import Refusal, Refused
from engine.languages.message import Message

PLANNABLE = (RawBatch.State.RECEIVED, RawBatch.State.RELEASED)


@transaction.atomic
def plan_blank(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    product_line: str,
    items: Sequence[Line],
    arrival_date: date,
) -> Blank:
    """Make the blank of a session in state `new` with its lines and its number ЗДДММГГГГ/N of the
    arrival date; nothing is reserved yet. Done twice with one session it returns the first one.

    Raises Refused for a batch that may not be planned: of another condition or state, held, or
    twice in one blank."""
    done = Blank.objects.filter(session=session).first()
    if done:
        return done
    lines = [(_batch(line), _kg(line)) for line in items]
    _check([batch for batch, _ in lines])
    number = next_number("blank", arrival_date.isoformat(), first=first_number)
    blank = Blank(
        lot=Lot.objects.create(kind=Lot.Kind.BLANK),
        session=session,
        number=f"З{arrival_date:%d%m%Y}/{number}",
        product_line=product_line,
        arrival_date=arrival_date,
        weight_planned=sum((kg for _, kg in lines), Decimal(0)),
        created_at=at,
        created_by=by,
    )
    take_blend(blank, blend(part_of_batch(batch, kg) for batch, kg in lines))
    blank.save()
    BlankItem.objects.bulk_create(
        BlankItem(blank=blank, position=position, batch=batch, kg_planned=kg)
        for position, (batch, kg) in enumerate(lines, 1)
    )
    return blank


def take_blend(blank: Blank, made: Blend) -> None:
    """Write what a blank is into its row, without saving it."""
    blank.fat, blank.protein, blank.moisture = made.fat, made.protein, made.moisture
    blank.analysed_kg = made.analysed


def _batch(line: Line) -> RawBatch:
    batch = line.fields["batch"]
    if not isinstance(batch, RawBatch):
        raise Refused(Refusal("В строке не выбрана партия сырья", again="items"))
    return batch


def _kg(line: Line) -> Decimal:
    kg = line.fields["kg"]
    if not isinstance(kg, Decimal) or kg <= 0:
        raise Refused(Refusal("Масса строки должна быть больше нуля", again="items"))
    return kg


def _check(batches: Sequence[RawBatch]) -> None:
    if not batches:
        raise Refused(Refusal("Добавьте хотя бы одну партию сырья", again="items"))
    if len({batch.pk for batch in batches}) < len(batches):
        raise Refused(Refusal("Одна партия стоит в двух строках: сложите их", again="items"))
    for batch in batches:
        if batch.condition != RawBatch.Condition.FROZEN:
            text = Message("Партия {number} не замороженная: в заготовку она не идёт")
            raise Refused(Refusal(text, {"number": str(batch)}, again="items"))
        if batch.state not in PLANNABLE:
            text = Message("Партию {number} планировать нельзя: {state}. Уберите её строку")
            state = state_said(batch)
            raise Refused(Refusal(text, {"number": str(batch), "state": state}, again="items"))
    refuse_blocked([batch.lot_id for batch in batches], Use.PLANNING)


OPERATION = Operation(
    {
        "product_line": "choice(mmo, mko)",
        "items": "list of plan_line",
        "arrival_date": "date",
    },
    plan_blank,
    "blank",
)
