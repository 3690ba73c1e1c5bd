"""Keep what was measured against a limit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from crm.fresh import fresh
from crm.new_rows import insert_all
from crm.quality.models import Check, Measurement
from crm.whole import whole
from engine.model.conversation import Bounds
from engine.model.effects import Measured

if TYPE_CHECKING:
    from crm.people.models import Person


def as_decimal(value: object) -> Decimal | None:
    """Return a number as Decimal, anything else as None."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def is_within(value: Decimal, bounds: Bounds) -> bool:
    """Tell whether a value lies inside the bounds, both ends included; an open end holds always.

    >>> is_within(Decimal("-8.0"), Bounds("t", most=Decimal("-8.0")))
    True
    >>> is_within(Decimal("-7.9"), Bounds("t", most=Decimal("-8.0")))
    False
    """
    least, most = as_decimal(bounds.least), as_decimal(bounds.most)
    return (least is None or value >= least) and (most is None or value <= most)


@whole
def measure(
    by: Person | None,
    *,
    measured: Iterable[Measured],
    at: datetime,
    lot_id: int | None = None,
    check: Check | None = None,
) -> None:
    """Write one measurement of a lot, or of a check of the plan, for each value that was given,
    with the limit that was in force."""
    rows = []
    for one in measured:
        value = as_decimal(one.value)
        if value is None:
            continue
        rows.append(
            fresh(
                Measurement,
                lot_id=lot_id,
                check_made=check,
                name=one.name,
                value=value,
                unit=one.bounds.unit,
                limit=one.bounds.name,
                limit_version=one.bounds.version,
                limit_source=one.bounds.source,
                least=as_decimal(one.bounds.least),
                most=as_decimal(one.bounds.most),
                within=is_within(value, one.bounds),
                deviation_id=UUID(one.deviation) if one.deviation else None,
                at=at,
                by_id=by.pk if by is not None else None,
            )
        )
    insert_all(rows)
