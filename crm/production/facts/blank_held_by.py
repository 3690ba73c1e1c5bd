"""What keeps a blank from being worked with (domain 5.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import held_blank
from crm.production.models import Blank
from engine.languages.message import Message


def blank_held_by(blank: Blank) -> str:
    """Say «3 заблокирована: {kind}»; empty when nothing is."""
    return held_blank(blank) or Message("")


FACT = Fact(params=("blank",), result="text", answer=blank_held_by)
