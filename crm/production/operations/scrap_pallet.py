"""Write a pallet off as scrap (domain 5.7)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Account
from crm.operation import Operation
from crm.people.models import Person
from crm.production.leaving import move_out
from crm.production.models import Pallet
from crm.production.operations.accept_pallet import accept_pallet


@transaction.atomic
def scrap_pallet(by: Person, *, at: datetime, pallet: Pallet, reason: str) -> None:
    """Post everything of a pallet to scrap; one that is not on stock yet is taken in first, so that
    its kilograms leave process. Raises Refused when it is not weighed or something is reserved."""
    if pallet.state != Pallet.State.IN_STOCK:
        accept_pallet(by, at=at, pallet=pallet)
    move_out(by, pallet, "scrap_pallet", Account.SCRAP, at=at, reason=reason)


OPERATION = Operation({"pallet": "pallet", "reason": "text"}, scrap_pallet)
