"""Keep what each component of a blank really weighed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.fact import Line
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Blank
from crm.quality.approved import unapproved
from crm.quality.models import Deviation
from crm.quality.operations.measure import measure
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.effects import Measured
from engine.model.values import show_number

LIMIT, KIND = "blank_tolerance", "blank_weight"  # of flows/limits.yaml; of the deviation


@transaction.atomic
def weigh_blank(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    blank: Blank,
    lines: Sequence[Line],
    measurements: Sequence[Measured] | None,
) -> None:
    """Write the actual kilograms of the lines, in the order of the blank's items, with what was
    measured and decided. Moves nothing: `write_off_blank` does.

    Raises Refused in another state, for a line too many or too few, and for a weight outside of
    the tolerance without an approval."""
    if blank.state != Blank.State.WEIGHING:
        raise Refused(Refusal("Заготовку {number} уже взвесили", {"number": str(blank)}))
    items = list(blank.items.order_by("position"))
    if len(items) != len(lines):
        raise Refused(Refusal("Взвешены не все строки", again="lines"))
    weighed = [_actual(line) for line in lines]
    _check(session, [kg - item.kg_planned for item, kg in zip(items, weighed, strict=True)], at)
    for item, kg in zip(items, weighed, strict=True):
        item.kg_actual = kg
        item.save(update_fields=["kg_actual"])
    measure(by, lot_id=blank.lot_id, measured=measurements or (), at=at)
    Deviation.objects.filter(session=session, lot__isnull=True).update(lot=blank.lot)


def _check(session: UUID, differences: Sequence[Decimal], at: datetime) -> None:
    """Refuse a difference from the plan outside its limit that nobody approved (domain Q2)."""
    found = unapproved(differences, limit=LIMIT, kind=KIND, session=session, at=at)
    if found is not None:
        text = Message("Вес отличается от плана на {kg} кг. Запросите технолога")
        raise Refused(Refusal(text, {"kg": show_number(found, 3)}, again="lines"))


def _actual(line: Line) -> Decimal:
    actual = line.fields["actual"]
    if not isinstance(actual, Decimal) or actual < 0:
        raise Refused(Refusal("Вес строки не может быть меньше нуля", again="lines"))
    return actual


OPERATION = Operation(
    {"blank": "blank", "lines": "list of weighed_line", "measurements": "measurements"},
    weigh_blank,
)
