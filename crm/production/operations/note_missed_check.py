"""Keep that nobody made a check while its window was open: one of the plan, or the temperature
inside of a load (domain 9, 14.3)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from crm.ledger.models import Lot
from crm.operation import Operation
from crm.people.models import Person
from crm.production.facts.load_content import load_content
from crm.production.models import FreezerLoad
from crm.quality.models import Check, Deviation
from crm.quality.operations.note_deviation import note_deviation
from engine.errors import EngineError
from engine.languages.message import Message

KIND = "missed_check"
LIMIT, INSIDE = "core_temperature", Message("температура в толще")


@transaction.atomic
def note_missed_check(
    by: Person | None,
    *,
    at: datetime,
    load: FreezerLoad | None = None,
    check: Check | None = None,
) -> None:
    """Keep the deviation of a check of the plan, or of a load with what is in it; while one of a
    load is open it stays the one. The clock is nobody."""
    if check is not None:
        check.deviation = _missed(by, at, None, check.title, _window(check), check.limit)
        check.save(update_fields=["deviation"])
    if load is None:
        return
    lot = lot_of(load)
    if not Deviation.objects.filter(lot=lot, kind=KIND, state=Deviation.State.OPEN).exists():
        where = {"freezer": str(load.freezer), "content": load_content(load)}
        _missed(by, at, lot, INSIDE, Message("{freezer}, {content}", where), LIMIT)


def _missed(
    by: Person | None, at: datetime, lot: Lot | None, what: str, value: str, limit: str
) -> Deviation:
    label = Message("Проверка не сделана: {what}", {"what": what})
    return note_deviation(
        by, lot=lot, kind=KIND, label=label, value=value, session=uuid4(), at=at, limit=limit
    )


def _window(check: Check) -> str:
    ends = (timezone.localtime(one) for one in (check.opens_at, check.closes_at))
    return "–".join(f"{one:%d.%m %H:%M}" for one in ends)


def lot_of(load: FreezerLoad) -> Lot:
    """Return the lot that a load holds."""
    held = load.mix or load.pallet
    if held is None:
        raise EngineError(f"load {load.pk} holds nothing")
    return held.lot


OPERATION = Operation({"load": "freezer_load?", "check": "check?"}, note_missed_check)
