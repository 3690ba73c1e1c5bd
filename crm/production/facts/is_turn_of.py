"""Whether it is the turn of a mix on some line of its order (domain 6.3)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.lines import before, lines_of
from crm.production.models import Mix


def is_turn_of(mix: Mix) -> bool:
    """Tell whether no order that can start stands before that of the mix."""
    return mix.order is not None and any(before(mix, line) is None for line in lines_of(mix.order))


FACT = Fact(params=("mix",), result="bool", answer=is_turn_of)
