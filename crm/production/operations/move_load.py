"""Move what stands in a freezer into another one (domain 5.6)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.audit.operations.overwrite import Why, overwrite
from crm.catalogue.models import Freezer
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import FreezerLoad
from crm.production.operations.load_freezer import lowest_free_slot, refuse_other_line
from engine.errors import Refusal, Refused


@transaction.atomic
def move_load(
    by: Person | None, *, at: datetime, load: FreezerLoad, freezer: Freezer, reason: str
) -> None:
    """Give a load the lowest free place of another freezer of its kind; it is due when it was.

    Raises Refused for a freezer of another kind or line, and for one that is full, stands still or
    is out of use."""
    locked = Freezer.objects.select_for_update().get(pk=freezer.pk)
    if locked.pk == load.freezer_id:
        raise Refused(Refusal("Уже стоит: {place}", {"place": locked.said}, again="freezer"))
    if load.mix is not None:
        refuse_other_line(load.mix, locked)
    elif locked.kind != load.freezer.kind:
        raise Refused(Refusal("Паллет морозят в шокере", again="freezer"))
    place = {"freezer": locked, "slot": lowest_free_slot(locked)}
    overwrite(load, place, Why(by, at, reason))


OPERATION = Operation({"load": "freezer_load", "freezer": "freezer", "reason": "text"}, move_load)
