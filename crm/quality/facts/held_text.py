"""What a hold is on, in a few words (domain 4.42)."""

from __future__ import annotations

from crm.fact import Fact
from crm.quality.models import Hold
from crm.quality.told import what_is_held


def held_text(hold: Hold) -> str:
    """Name the lot, and how many more are held together with it."""
    return what_is_held(hold)


FACT = Fact(params=("hold",), result="text", answer=held_text)
