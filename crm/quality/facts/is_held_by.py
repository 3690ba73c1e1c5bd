"""Whether a lot is held by a kind already (domain 4.42)."""

from __future__ import annotations

from crm.fact import Fact
from crm.ledger.models import Lot
from crm.quality.models import Hold, HoldKind

KINDS = f"choice({', '.join(HoldKind.values)})"


def is_held_by(lot: Lot, kind: str) -> bool:
    """Tell whether an open hold of this kind, of no recall, is on it."""
    return Hold.objects.open_on(lot.pk, kind).filter(case="").exists()


FACT = Fact(params=("lot", KINDS), result="bool", answer=is_held_by)
