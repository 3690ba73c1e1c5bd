"""Whether there is product in the store (domain 14.3)."""

from __future__ import annotations

from crm.fact import Fact
from crm.ledger.models import Account
from crm.ledger.stock import kept


def is_store_used() -> bool:
    """Tell whether any kilogram of finished product is in the store."""
    return kept(Account.FG_STORE).exists()


FACT = Fact(params=(), result="bool", answer=is_store_used)
