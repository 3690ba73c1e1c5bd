"""Keep that nobody measured the temperature inside while its window was open (domain 9, 14.3)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from crm.ledger.models import Lot
from crm.operation import Operation
from crm.people.models import Person
from crm.production.facts.load_content import load_content
from crm.production.models import FreezerLoad
from crm.quality.models import Deviation
from crm.quality.operations.note_deviation import note_deviation
from engine.errors import EngineError
from engine.languages.message import Message

KIND = "missed_check"
LIMIT = "core_temperature"


@transaction.atomic
def note_missed_check(by: Person | None, *, at: datetime, load: FreezerLoad) -> None:
    """Keep the deviation of a load with what is in it; while one is open it stays the one. The
    clock is nobody: who loaded stands for it."""
    lot, author = lot_of(load), by or load.created_by
    if author is None:
        raise EngineError(f"nobody loaded load {load.pk}")
    if Deviation.objects.filter(lot=lot, kind=KIND, state=Deviation.State.OPEN).exists():
        return
    note_deviation(
        author,
        lot=lot,
        kind=KIND,
        label="Проверка не сделана: температура в толще",
        value=Message(
            "{freezer}, {content}", {"freezer": str(load.freezer), "content": load_content(load)}
        ),
        session=uuid4(),
        at=at,
        limit=LIMIT,
    )


def lot_of(load: FreezerLoad) -> Lot:
    """Return the lot that a load holds."""
    held = load.mix or load.pallet
    if held is None:
        raise EngineError(f"load {load.pk} holds nothing")
    return held.lot


OPERATION = Operation({"load": "freezer_load"}, note_missed_check)
