"""How many blanks the defroster still takes (domain 6.1)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.capacity import free_places


def defroster_free() -> int:
    """Return its free places; none while it stands still."""
    return free_places("defroster")


FACT = Fact(params=(), result="integer", answer=defroster_free)
