"""Whether a pallet still takes boxes (domain 4.33)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Pallet


def is_collecting(pallet: Pallet) -> bool:
    """Tell whether it is a buffer pallet that nobody closed."""
    return pallet.kind == Pallet.Kind.BUFFER and not pallet.closed


FACT = Fact(params=("pallet",), result="bool", answer=is_collecting)
