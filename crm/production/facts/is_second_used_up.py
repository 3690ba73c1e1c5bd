"""Whether nothing of a second-minced lot is left (domain 5.5)."""

from __future__ import annotations

from crm.fact import Fact
from crm.ledger.models import Balance
from crm.ledger.stock import account_of
from crm.production.models import SecondMinced


def is_second_used_up(lot: SecondMinced) -> bool:
    """Tell whether it has neither kilograms nor reservations on its store."""
    there = Balance.objects.filter(lot=lot.lot_id, account=account_of(lot.lot)).first()
    return there is not None and not there.physical and not there.reserved


FACT = Fact(params=("second_minced",), result="bool", answer=is_second_used_up)
