"""Whether any line of its order takes a mix of its product now (domain 6.2)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.lines import is_open, lines_of
from crm.production.models import Mix


def is_line_open(mix: Mix) -> bool:
    """Tell whether no pet-food mix walks where this one wants to go, and, for a pet-food mix of
    line 2, whether the line is empty."""
    return mix.order is not None and any(is_open(mix, line) for line in lines_of(mix.order))


FACT = Fact(params=("mix",), result="bool", answer=is_line_open)
