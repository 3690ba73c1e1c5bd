"""What stands in a place, from balances and, as people write it first, by summing postings."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from crm.ledger.models import Account, Balance, Posting
from crm.production.models import SecondMinced
from crm.production.rework import available

PLACE = Account.BLANK_STORE
STORE = Account.REWORK_STORE


def of_a_place() -> int:
    """Return how many lots stand there, each with its kilograms."""
    found = Balance.objects.filter(account=PLACE, physical__gt=0).values_list("lot_id", "physical")
    return len(dict(found))


def of_a_place_summed() -> int:
    """The same over the whole ledger."""
    summed = Posting.objects.filter(account=PLACE).values("lot_id").annotate(kg=Sum("kg"))
    return len([row for row in summed if row["kg"] > 0])


def second_minced() -> Decimal:
    """Return the free kilograms of all lots of вторфарш that may be planned."""
    return available()


def second_minced_summed() -> Decimal:
    """The same, a sum of postings for all of them."""
    lots = SecondMinced.objects.filter(kind="rework").values("lot_id")
    summed = Posting.objects.filter(account=STORE, lot_id__in=lots).values("lot_id")
    return sum((row["all"] for row in summed.annotate(all=Sum("kg"))), Decimal(0))
