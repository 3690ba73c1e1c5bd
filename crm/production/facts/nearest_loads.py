"""«Ближайшая выгрузка» (domain 4.31)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import FreezerLoad
from crm.production.unloading import nearest


def nearest_loads() -> list[FreezerLoad]:
    """Return the five open loads that are due first, of both kinds together."""
    return nearest()


FACT = Fact(params=(), result="list of freezer_load", answer=nearest_loads)
