"""Whether a pallet may leave for a customer (domain 5.8)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Pallet
from crm.production.shippable import why_not


def is_shippable(pallet: Pallet) -> bool:
    """Tell whether nothing stands in the way."""
    return why_not(pallet) is None


FACT = Fact(params=("pallet",), result="bool", answer=is_shippable)
