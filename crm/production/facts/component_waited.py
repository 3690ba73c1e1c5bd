"""Which component a mix waits for, in words (domain 6.5)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import not_usable
from crm.production.models import Mix
from engine.languages.message import Message


def component_waited(mix: Mix) -> str:
    """Say «анализ партии 2211/3»; empty when nothing stands in the way."""
    waited = not_usable(mix.order) if mix.order is not None else None
    return waited or Message("")


FACT = Fact(params=("mix",), result="text", answer=component_waited)
