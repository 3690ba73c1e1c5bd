"""Keep what a check of the plan found (domain 4.43, 14.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.quality.checks import BAD, GOOD, bounds_of, entered, title_of
from crm.quality.models import Check
from crm.quality.operations.measure import is_within, measure
from crm.quality.operations.note_deviation import note_deviation, of_limit
from crm.titles import state_said
from crm.work.operations.attach import attach
from engine.errors import EngineError, Refusal, Refused
from engine.model.effects import Measured
from engine.model.files import FileRef
from engine.model.values import show_number

KIND = "ccp"
NAME = "check"  # what the value and the photos are called among those of other things


@transaction.atomic
def record_check(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    check: Check,
    temperature: Decimal | None = None,
    count: int | None = None,
    mark: str | None = None,
    note: str | None = None,
    photo: Sequence[FileRef] | None = None,
) -> Check:
    """Keep the value with the limit in force, the photos, and a deviation when it is outside. Done
    twice with one session it is kept once.

    Raises Refused when the check is not due any more, and without a photo that the plan asks
    for."""
    if check.session == session:
        return check
    if check.state != Check.State.DUE:
        state = state_said(check)
        raise Refused(Refusal("Эту проверку уже не делают: {state}", {"state": state}))
    if check.photo and not photo:
        raise Refused(Refusal("К этой проверке нужно фото", again="photo"))
    value, bounds = entered(temperature, count, mark), bounds_of(check, at)
    if value is None:
        raise EngineError(f"check {check.pk} is saved without a value")
    check.note = (note or "")[:300]
    check.session = session
    if not is_within(value, bounds):
        check.deviation = note_deviation(
            by,
            lot=check.lot,
            kind=KIND,
            label=title_of(check),
            value=check.note or f"{show_number(value)} {bounds.unit}".strip(),
            session=session,
            at=at,
            **of_limit(bounds),
        )
    check.save(update_fields=["note", "session", "deviation"])
    found = str(check.deviation.pk) if check.deviation else ""
    measure(by, check=check, measured=[Measured(NAME, value, bounds, found)], at=at)
    attach(by, lot_id=check.lot_id, files={NAME: photo or ()}, session=session, at=at)
    return check


OPERATION = Operation(
    {
        "check": "check",
        "temperature": "number °C?",
        "count": "integer?",
        "mark": f"choice({GOOD}, {BAD})?",
        "note": "text?",
        "photo": "files?",
    },
    record_check,
    "check",
)
