"""Undo a posting document by its opposite."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from crm.ledger.models import Account, Event
from crm.ledger.operations.post import Line, post

if TYPE_CHECKING:
    from crm.people.models import Person


@transaction.atomic
def reverse(event: Event, *, by: Person | None, reason: str, occurred_at: datetime) -> Event:
    """Write the event that undoes another; done twice it returns the first one.

    Raises Refused when something of the kilograms is used or reserved meanwhile."""
    lines = [
        Line(posting.lot, Account(posting.account), -posting.kg)
        for posting in event.postings.select_related("lot")
    ]
    return post(
        f"reverse_{event.kind}",
        lines,
        by=by,
        session=None,
        source="reverse",
        key=str(event.pk),
        occurred_at=occurred_at,
        reverses=event,
        reason=reason,
    )
