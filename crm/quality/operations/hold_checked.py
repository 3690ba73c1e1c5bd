"""Hold what a bad check is about: everything since the last good one (domain 14.3), or what was
where it was too warm for too long (14.7)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.quality.checks import inside, last_good, title_of, warm_since
from crm.quality.models import Check, HoldKind
from crm.quality.operations.hold_forward import hold_all_forward


@transaction.atomic
def hold_checked(
    by: Person | None, *, at: datetime, check: Check, kind: str, only_warm: bool = False
) -> None:
    """Hold the lots that were there since the last good check of the point, and everything that was
    made of them; `only_warm`: those that were there while its readings were above −15.0 for more
    than 20 minutes, none before that is known. A hold of the kind that stands stays as it is."""
    since = warm_since(check, at) if only_warm else last_good(check)
    if since is None:
        return
    ids = inside(check, since)
    if ids:
        title = title_of(check)
        reason = title if check.deviation is None else f"{title}: {check.deviation}"
        hold_all_forward(by, ids=ids, kind=kind, reason=reason[:500], at=at)


OPERATION = Operation(
    {
        "check": "check",
        "kind": f"choice({', '.join(HoldKind.values)})",
        "only_warm": "bool?",
    },
    hold_checked,
)
