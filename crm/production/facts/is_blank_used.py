"""Whether anything of a blank is reserved or taken (domain 4.15)."""

from __future__ import annotations

from crm.fact import Fact
from crm.ledger.models import Reservation
from crm.production.models import Blank, MixUse


def is_blank_used(blank: Blank) -> bool:
    """Tell whether a plan keeps some of a blank, or a mix has taken some."""
    kept = Reservation.objects.filter(lot=blank.lot_id, kg__gt=0)
    return kept.exists() or MixUse.objects.filter(lot=blank.lot_id, undone_by=None).exists()


FACT = Fact(params=("blank",), result="bool", answer=is_blank_used)
