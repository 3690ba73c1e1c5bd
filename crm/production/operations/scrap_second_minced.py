"""Write a second-minced lot off as scrap (domain 5.5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Account
from crm.ledger.operations.lock import lock_balances
from crm.ledger.operations.post import Line, post
from crm.ledger.stock import account_of
from crm.operation import Operation
from crm.people.models import Person
from crm.production.carried import refuse_carried
from crm.production.models import SecondMinced
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number


@transaction.atomic
def scrap_second_minced(by: Person, *, at: datetime, lot: SecondMinced, reason: str) -> None:
    """Post all of a lot to scrap. Raises Refused when nothing is there, and when a plan or a pallet
    keeps some: what they gave back would stand on a lot that is gone."""
    refuse_carried(lot)
    store = account_of(lot.lot)
    [balance] = lock_balances([(lot.lot_id, store.value)]).values()
    kg = balance.physical
    if balance.reserved:
        text = Message("{number}: {kg} кг в резерве. Сначала снимите резерв")
        values = {"number": str(lot), "kg": show_number(balance.reserved, 3)}
        raise Refused(Refusal(text, values))
    if kg <= 0:
        text = Message("{number}: списывать нечего, остаток израсходован")
        raise Refused(Refusal(text, {"number": str(lot)}))
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
