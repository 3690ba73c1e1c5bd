"""Whose work it is to release a hold (domain 5.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.quality import told
from crm.quality.models import Hold


def release_text(hold: Hold) -> str:
    """Say the roles, and that two people are needed."""
    return told.release_text(hold)


FACT = Fact(params=("hold",), result="text", answer=release_text)
