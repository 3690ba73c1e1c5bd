"""Take kilograms of a lot for the laboratory."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from crm.ledger.models import Account, Event, Lot
from crm.ledger.operations.take_out import above_zero, take_out

if TYPE_CHECKING:
    from crm.people.models import Person


@transaction.atomic
def sample(by: Person | None, *, lot: Lot, kg: Decimal, session: UUID, at: datetime) -> Event:
    """Post store −kg, sample +kg; a held lot is sampled too. Raises Refused for more than is
    free."""
    return take_out(
        by, kind="sample", lot=lot, kg=above_zero(kg), to=Account.SAMPLE, session=session, at=at
    )
