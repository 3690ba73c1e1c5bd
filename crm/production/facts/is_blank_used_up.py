"""Whether nothing of a blank is left (domain 5.2)."""

from __future__ import annotations

from crm.fact import Fact
from crm.ledger.models import Account, Balance
from crm.production.models import Blank


def is_blank_used_up(blank: Blank) -> bool:
    """Tell whether a blank that was weighed has neither kilograms nor reservations left."""
    there = Balance.objects.filter(lot=blank.lot_id, account=Account.BLANK_STORE).first()
    return there is not None and not there.physical and not there.reserved


FACT = Fact(params=("blank",), result="bool", answer=is_blank_used_up)
