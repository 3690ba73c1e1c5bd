"""Send a rejected raw batch back to its supplier."""

from __future__ import annotations

from datetime import datetime

from crm.ledger.models import Account
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.take_off_store import take_off_store


def send_back(by: Person | None, *, at: datetime, batch: RawBatch, reason: str) -> None:
    """Post all that is left of a batch from the raw store to the supplier. Raises Refused."""
    supplier = Account.SUPPLIER
    take_off_store(by, kind="send_back", batch=batch, to=supplier, reason=reason, at=at)


OPERATION = Operation({"batch": "raw_batch", "reason": "text"}, send_back)
