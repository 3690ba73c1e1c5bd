"""Forget a leave to unload early: the load goes on freezing (domain 14.7)."""

from __future__ import annotations

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import FreezerLoad


def forget_early(by: Person | None, *, load: FreezerLoad) -> None:
    """Take the leave off a load; the deviation that gave it stays as it is."""
    del by
    load.early_approved_by = None
    load.save(update_fields=["early_approved_by"])


OPERATION = Operation({"load": "freezer_load"}, forget_early)
