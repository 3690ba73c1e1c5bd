"""A hold as it is read (domain 4.42)."""

from __future__ import annotations

from crm.fact import Fact
from crm.quality import told
from crm.quality.models import Hold


def hold_text(hold: Hold) -> str:
    """Say what is held, why, since when, by whom, who may release it."""
    return told.hold_text(hold)


FACT = Fact(params=("hold",), result="text", answer=hold_text)
