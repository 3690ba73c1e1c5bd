"""Open the window of a check of the plan (domain 4.43, 14.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from crm.catalogue.models import Freezer
from crm.operation import Operation
from crm.people.models import Person
from crm.quality.limits import in_force
from crm.quality.models import Check
from engine.errors import EngineError
from engine.languages.message import Message


@transaction.atomic
def open_check(
    by: Person | None,
    *,
    at: datetime,
    by_limit: str,
    entry: str,
    minutes: int,
    photo: bool | None = None,
    later: int | None = None,
    line: int | None = None,
    freezer: Freezer | None = None,
) -> Check:
    """Keep a check in state `new` whose window of so many minutes begins now, or `later` by so many
    minutes. Raises EngineError for a limit of which no version is in force."""
    rows = in_force(by_limit, at)
    if not rows:
        raise EngineError(f"limit {by_limit} has no row in force")
    opens = at + timedelta(minutes=later or 0)
    return Check.objects.create(
        limit=by_limit,
        line=line,
        freezer=freezer,
        point=f"{by_limit}/{freezer.resource if freezer else line or ''}",
        title=_title(rows[0].title or by_limit, line, freezer)[:200],
        entry=entry,
        photo=bool(photo),
        opens_at=opens,
        half_at=opens + timedelta(minutes=minutes) / 2,
        closes_at=opens + timedelta(minutes=minutes),
    )


def _title(limit: str, line: int | None, freezer: Freezer | None) -> str:
    if freezer is not None:
        return Message("{limit}, {freezer}", {"limit": limit, "freezer": str(freezer)})
    if line is not None:
        return Message("{limit}, линия {line}", {"limit": limit, "line": str(line)})
    return limit


OPERATION = Operation(
    {
        "by_limit": "text",
        "entry": f"choice({', '.join(Check.Entry.values)})",
        "minutes": "integer",
        "photo": "bool?",
        "later": "integer?",
        "line": "integer?",
        "freezer": "freezer?",
    },
    open_check,
    "check",
)
