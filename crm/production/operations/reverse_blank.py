"""Send a blank back to weighing: its write-offs are reversed, its reservations restored."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.audit.operations.overwrite import Why, overwrite
from crm.ledger.operations.reverse import reverse
from crm.operation import Operation
from crm.people.models import Person
from crm.production.blend import blend, part_of_batch
from crm.production.models import Blank
from crm.production.operations.plan_blank import take_blend
from crm.production.operations.reserve_blank import reserve_blank
from crm.production.operations.write_off_blank import weighing


@transaction.atomic
def reverse_blank(by: Person | None, *, at: datetime, blank: Blank, reason: str) -> None:
    """Undo the weighing of a blank and plan its lines again (domain 4.14).

    Raises Refused when something of the blank is used, or the raw meat is reserved for another."""
    take_apart(by, at=at, blank=blank, reason=reason)
    reserve_blank(by, at=at, blank=blank)
    lines = blank.items.select_related("batch")
    take_blend(blank, blend(part_of_batch(line.batch, line.kg_planned) for line in lines))
    blank.save(update_fields=["fat", "protein", "moisture", "analysed_kg"])


def take_apart(by: Person | None, *, at: datetime, blank: Blank, reason: str) -> None:
    """Reverse the weighing of a blank, if it was weighed, and forget the weights."""
    event = weighing(blank)
    if event is None:
        return
    reverse(event, by=by, reason=reason, occurred_at=at)
    why = Why(by, at, reason)
    for line in blank.items.select_related("batch"):
        overwrite(line, {"kg_actual": None}, why, about=blank, part=str(line.batch))
    overwrite(blank, {"weight_actual": None}, why)


OPERATION = Operation({"blank": "blank", "reason": "text"}, reverse_blank)
