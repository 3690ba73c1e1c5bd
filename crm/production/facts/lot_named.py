"""Which lot a typed number or the code of a label means, where it means one alone (domain 4.41)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.ledger.models import Lot
from crm.production.lots import find_lots


def lot_named(word: str) -> Lot | None:
    """Return the lot of exactly this number or code; None when there are none or several."""
    ids = find_lots(word, timezone.localtime())
    return Lot.objects.get(pk=ids[0]) if len(ids) == 1 else None


FACT = Fact(params=("text",), result="lot?", answer=lot_named)
