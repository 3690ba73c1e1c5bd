"""Whether values outside a limit were approved, asked by the operation that saves them: a form has
asked before, but what it says it asked is not what holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crm.quality.limits import in_force
from crm.quality.models import Deviation
from crm.quality.operations.measure import is_within
from engine.model.conversation import Bounds


def unapproved(
    values: Iterable[Decimal], *, limit: str, kind: str, session: UUID, at: datetime
) -> Decimal | None:
    """Return the first value outside of a limit of one case, as it is in force, for which no
    deviation of this form was approved; None when all may be saved. An approval is for one value.

    One query when all are within."""
    rows = in_force(limit, at)
    bounds = [Bounds(limit, row.least, row.most) for row in rows]
    outside = [one for one in values if not all(is_within(one, bound) for bound in bounds)]
    if not outside:
        return None
    asked = Deviation.objects.filter(session=session, kind=kind, state=Deviation.State.APPROVED)
    approved = Counter(asked.values_list("value", flat=True))
    for value in outside:
        approved[value] -= 1
        if approved[value] < 0:
            return value
    return None
