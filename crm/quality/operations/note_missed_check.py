"""Keep that nobody made a check of the plan while its window was open (domain 9, 14.3)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from crm.operation import Operation
from crm.own_words import NOT_MADE
from crm.people.models import Person
from crm.quality.checks import title_of
from crm.quality.models import Check
from crm.quality.operations.note_deviation import note_deviation

KIND = "missed_check"


@transaction.atomic
def note_missed_check(by: Person | None, *, at: datetime, check: Check) -> None:
    """Keep the deviation of a check, of the lot where it is of one. The clock is nobody."""
    check.deviation = note_deviation(
        by,
        lot=check.lot,
        kind=KIND,
        label=NOT_MADE.with_values({"what": title_of(check)}),
        value=_window(check),
        session=uuid4(),
        at=at,
        limit=check.limit,
    )
    check.save(update_fields=["deviation"])


def _window(check: Check) -> str:
    ends = (timezone.localtime(one) for one in (check.opens_at, check.closes_at))
    return "–".join(f"{one:%d.%m %H:%M}" for one in ends)


OPERATION = Operation({"check": "check"}, note_missed_check)
