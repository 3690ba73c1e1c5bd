"""The card of a lot (domain 4.41)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.ledger.models import Lot
from crm.production.card import card


def lot_card(lot: Lot) -> str:
    """Say its state, kilograms, holds, one level back and one forward."""
    return card(lot, timezone.localtime())


FACT = Fact(params=("lot",), result="text", answer=lot_card)
