"""Open the window of a check of the plan (domain 4.43, 14.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from crm.catalogue.models import Freezer
from crm.ledger.models import Lot
from crm.operation import Operation
from crm.people.models import Person
from crm.quality.limits import in_force
from crm.quality.models import Check
from engine.errors import EngineError


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
    opens = at + timedelta(minutes=later or 0)
    return keep_check(
        by_limit,
        entry=entry,
        opens=opens,
        closes=opens + timedelta(minutes=minutes),
        at=at,
        photo=bool(photo),
        line=line,
        freezer=freezer,
    )


def keep_check(
    limit: str,
    *,
    entry: str,
    opens: datetime,
    closes: datetime,
    at: datetime,
    photo: bool = False,
    line: int | None = None,
    freezer: Freezer | None = None,
    lot: Lot | None = None,
) -> Check:
    """Keep a check in state `new` with its window. Raises EngineError as `open_check`."""
    rows = in_force(limit, at)
    if not rows:
        raise EngineError(f"limit {limit} has no values: cli.py seed gives it those of the forms")
    place = f"lot/{lot.pk}" if lot else freezer.resource if freezer else line or ""
    return Check.objects.create(
        limit=limit,
        line=line,
        freezer=freezer,
        lot=lot,
        point=f"{limit}/{place}",
        title=(rows[0].title or limit)[:200],
        entry=entry,
        photo=photo,
        opens_at=opens,
        half_at=opens + (closes - opens) / 2,
        closes_at=closes,
    )


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
