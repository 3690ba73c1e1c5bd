"""What keeps a blank from being planned or weighed."""

from __future__ import annotations

from crm.ledger.stock import available
from crm.production.component_waits import OUT_OF_USE, waited_of
from crm.production.models import Blank, RawBatch
from crm.quality.usable import Use, blocked_lots
from engine.languages.message import Message
from engine.model.values import show_number

REJECTED = Message("партия {number} забракована: снимите заготовку")


def not_free(blank: Blank) -> Message | None:
    """Return the first batch of which less is free than planned; None when all can be reserved."""
    for line in blank.items.select_related("batch__lot"):
        free = available(line.batch.lot)
        if free < line.kg_planned:
            return Message("партия {number}: осталось {kg} кг").with_values(
                {"number": str(line.batch), "kg": show_number(free, 3)}
            )
    return None


def not_released(blank: Blank) -> Message | None:
    """Return the first batch that is not released or is held; None when all may be weighed."""
    lines = list(blank.items.select_related("batch"))
    held = blocked_lots([line.batch.lot_id for line in lines], Use.PHYSICAL)
    for line in lines:
        hold = held.get(line.batch.lot_id)
        if hold is not None and line.batch.state not in OUT_OF_USE:
            values = {"number": str(line.batch), "kind": hold.kind_said}
            return Message("партия {number} заблокирована: {kind}").with_values(values)
        if line.batch.state != RawBatch.State.RELEASED:
            return waited_of(line.batch, REJECTED)
    return None
