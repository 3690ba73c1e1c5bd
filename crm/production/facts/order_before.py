"""Whose mixes enter the line before a mix (domain 6.3, 6.5)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.lines import before, lines_of
from crm.production.models import Mix


def order_before(mix: Mix) -> str:
    """Return the number of the order that goes first; empty when it is the mix's turn."""
    if mix.order is None:
        return ""
    ahead = [before(mix, line) for line in lines_of(mix.order)]
    first = next(filter(None, ahead), None)
    return str(first) if first is not None and all(ahead) else ""


FACT = Fact(params=("mix",), result="text", answer=order_before)
