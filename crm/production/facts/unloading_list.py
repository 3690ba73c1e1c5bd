"""The lines of «Ближайшая выгрузка» (domain 4.31)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.unloading import line_of, nearest
from engine.languages.message import listed


def unloading_list() -> str:
    """Say the five loads that are due first, a line each; nothing when there is none."""
    now = timezone.now()
    return listed([line_of(load, now) for load in nearest()], "\n")


FACT = Fact(params=(), result="text?", answer=unloading_list)
