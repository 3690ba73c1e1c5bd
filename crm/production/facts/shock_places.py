"""How many places the shockers have free (domain Q14)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.freezers import with_free


def shock_places() -> int:
    """Return the free places of all shockers that work."""
    return sum(free for _, free in with_free("shock"))


FACT = Fact(params=(), result="integer", answer=shock_places)
