"""Undo the acceptance of a pallet (domain 5.7, `reopen`)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.operations.reverse import reverse
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Pallet
from crm.production.operations.accept_pallet import accepted_by


@transaction.atomic
def reverse_pallet(by: Person, *, at: datetime, pallet: Pallet, reason: str) -> None:
    """Reverse the posting of an acceptance; the weights stay as they were typed. Raises Refused
    when something of the pallet is reserved or gone. вторфарш posted nothing."""
    event = accepted_by(pallet)
    if event is not None:
        reverse(event, by=by, reason=reason, occurred_at=at)


OPERATION = Operation({"pallet": "pallet", "reason": "text"}, reverse_pallet)
