"""Whether every line of a blank is weighed (domain 4.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Blank


def all_weighed(blank: Blank) -> bool:
    """Tell whether no line waits for its actual kilograms."""
    return not blank.items.filter(kg_actual__isnull=True).exists()


FACT = Fact(params=("blank",), result="bool", answer=all_weighed)
