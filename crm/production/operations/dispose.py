"""Destroy a rejected raw batch."""

from __future__ import annotations

from datetime import datetime

from crm.ledger.models import Account
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.take_off_store import take_off_store


def dispose(by: Person | None, *, at: datetime, batch: RawBatch, reason: str) -> None:
    """Post all that is left of a batch from the raw store to scrap. Raises Refused."""
    take_off_store(by, kind="dispose", batch=batch, to=Account.SCRAP, reason=reason, at=at)


OPERATION = Operation({"batch": "raw_batch", "reason": "text"}, dispose)
