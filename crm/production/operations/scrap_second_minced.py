"""Write a second-minced lot off as scrap (domain 5.5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Account
from crm.ledger.operations.post import Line, post
from crm.ledger.stock import account_of, available
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import SecondMinced
from engine.errors import Refusal, Refused
from engine.languages.message import Message


@transaction.atomic
def scrap_second_minced(by: Person, *, at: datetime, lot: SecondMinced, reason: str) -> None:
    """Post all that is free of a lot to scrap. Raises Refused when nothing is."""
    kg = available(lot.lot)
    if kg <= 0:
        text = Message("{number}: списывать нечего, остаток в резерве или израсходован")
        raise Refused(Refusal(text, {"number": str(lot)}))
    store = account_of(lot.lot)
    post(
        "scrap_second_minced",
        [Line(lot.lot, store, -kg), Line(lot.lot, Account.SCRAP, kg)],
        by=by,
        session=None,
        source="second_minced",
        key=f"scrap:{lot.pk}",
        occurred_at=at,
        reason=reason,
    )


OPERATION = Operation({"lot": "second_minced", "reason": "text"}, scrap_second_minced)
