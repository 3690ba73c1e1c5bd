"""Throw kilograms of a lot away."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from crm.ledger.models import Account, Event, Lot
from crm.ledger.operations.take_out import above_zero, checked_reason, take_out

if TYPE_CHECKING:
    from crm.people.models import Person


@transaction.atomic
def scrap(
    by: Person | None, *, lot: Lot, kg: Decimal, reason: str, session: UUID, at: datetime
) -> Event:
    """Post store −kg, scrap +kg; a held lot may be thrown away too.

    Raises Refused without a reason of 5 to 500 characters, or for more than is free."""
    return take_out(
        by,
        kind="scrap",
        lot=lot,
        kg=above_zero(kg),
        to=Account.SCRAP,
        session=session,
        at=at,
        reason=checked_reason(reason),
    )
