"""What is on a pallet (domain 4.36)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Pallet
from crm.production.numbers import content_text


def pallet_content(pallet: Pallet) -> str:
    """Say its recipe and mixes, or its second-minced lots."""
    return content_text(pallet)


FACT = Fact(params=("pallet",), result="text", answer=pallet_content)
