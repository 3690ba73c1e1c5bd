"""What keeps a blank from being planned or weighed."""

from __future__ import annotations

from crm.ledger.stock import available
from crm.production.models import Blank, RawBatch
from crm.quality.usable import Use, blocked_lots
from engine.languages.message import Message
from engine.model.values import show_number


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
        number = {"number": str(line.batch)}
        if line.batch.lot_id in held:
            kind = held[line.batch.lot_id].get_kind_display()
            return Message("партия {number} заблокирована: {kind}").with_values(
                {**number, "kind": kind}
            )
        if line.batch.state != RawBatch.State.RELEASED:
            return Message("партия {number}").with_values(number)
    return None
