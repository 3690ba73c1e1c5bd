"""The last ash analysis of a mix, for whoever decides on it (domain 4.25)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Mix
from crm.quality.norms import ASH, kept
from engine.languages.message import Message
from engine.model.values import show_number


def ash_text(mix: Mix) -> str:
    """Say the last value beside its norm: «5,20 % при норме 0,00–5,00»."""
    last = mix.ash_analysis
    if last is None:
        return Message("анализа нет")
    norm = kept(last.limits_snapshot).get(ASH)
    value = show_number(last.ash, 2)
    if norm is None:
        return Message("{value} %, нормы нет", {"value": value})
    return Message("{value} % при норме {norm}", {"value": value, "norm": norm.text})


FACT = Fact(params=("mix",), result="text", answer=ash_text)
