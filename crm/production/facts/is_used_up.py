"""Whether nothing of a raw batch is left (domain 5.1)."""

from __future__ import annotations

from crm.fact import Fact
from crm.ledger.models import Account, Balance
from crm.production.models import RawBatch


def is_used_up(batch: RawBatch) -> bool:
    """Tell whether a batch was on the store and nothing of it is there now, nor reserved."""
    balance = Balance.objects.filter(lot=batch.lot_id, account=Account.RAW_STORE).first()
    return balance is not None and not balance.physical and not balance.reserved


FACT = Fact(params=("raw_batch",), result="bool", answer=is_used_up)
