"""Write a pallet off as scrap (domain 5.7)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Account
from crm.operation import Operation
from crm.people.models import Person
from crm.production.leaving import bring_in, move_out
from crm.production.models import Pallet


@transaction.atomic
def scrap_pallet(by: Person, *, at: datetime, pallet: Pallet, reason: str) -> None:
    """Post everything of a pallet to scrap, also of a held one; one that is not on stock yet is
    taken in first, so that its kilograms leave process. Raises Refused when nobody knows how much
    it is, or something is reserved."""
    bring_in(by, pallet, at)
    move_out(by, pallet, "scrap_pallet", Account.SCRAP, at=at, reason=reason)


OPERATION = Operation({"pallet": "pallet", "reason": "text"}, scrap_pallet)
