"""Why a pallet may not leave for a customer (domain 5.8)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Pallet
from crm.production.shippable import why_not
from engine.languages.message import Message


def not_shippable_because(pallet: Pallet) -> str:
    """Say the first reason; «Готов к отгрузке» when there is none."""
    return why_not(pallet) or Message("Готов к отгрузке")


FACT = Fact(params=("pallet",), result="text", answer=not_shippable_because)
