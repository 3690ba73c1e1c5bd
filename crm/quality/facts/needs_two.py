"""Whether a hold is released by two people (domain 5.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.quality.models import Hold, HoldKind
from crm.quality.usable import RULES


def needs_two(hold: Hold) -> bool:
    """Tell whether its kind needs a second person."""
    return RULES[HoldKind(hold.kind)].two


FACT = Fact(params=("hold",), result="bool", answer=needs_two)
