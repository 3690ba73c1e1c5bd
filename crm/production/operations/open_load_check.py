"""Open the check of the temperature inside of a load that nobody unloaded in time (domain 9,
14.3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Lot
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import FreezerLoad
from crm.quality.models import Check
from crm.quality.operations.open_check import keep_check
from engine.errors import EngineError

LIMIT = "core_temperature"


@transaction.atomic
def open_load_check(by: Person | None, *, at: datetime, load: FreezerLoad) -> Check:
    """Keep in state `new` the check of what a load holds: its window were the moments from `due_at`
    until now. Raises EngineError for a load that was never due."""
    if load.due_at is None:
        raise EngineError(f"load {load.pk} was never due")
    return keep_check(
        LIMIT,
        entry=Check.Entry.TEMPERATURE,
        opens=load.due_at,
        closes=at,
        at=at,
        freezer=load.freezer,
        lot=lot_of(load),
    )


def lot_of(load: FreezerLoad) -> Lot:
    """Return the lot that a load holds. Raises EngineError for an empty one."""
    held = load.mix or load.pallet
    if held is None:
        raise EngineError(f"load {load.pk} holds nothing")
    return held.lot


OPERATION = Operation({"load": "freezer_load"}, open_load_check, "check")
