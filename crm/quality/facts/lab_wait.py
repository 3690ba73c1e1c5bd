"""What a mix in the laboratory waits for (domain 4.22)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Mix
from engine.languages.message import Message


def lab_wait(mix: Mix) -> str:
    """Say that the technologist decides on the mix; nothing when it waits for its analysis."""
    return Message("Ждём технолога") if mix.state == Mix.State.LAB_DECISION else ""


FACT = Fact(params=("mix",), result="text", answer=lab_wait)
