"""A line of «Ближайшая выгрузка» (domain 4.31)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.models import FreezerLoad
from crm.production.unloading import line_of


def load_line(load: FreezerLoad) -> str:
    """Say where a load stands, what it is, when it is due and how long it still stands."""
    return line_of(load, timezone.now())


FACT = Fact(params=("freezer_load",), result="text", answer=load_line)
