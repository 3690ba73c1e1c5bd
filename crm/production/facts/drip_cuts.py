"""Which orders lose how much to the drip of a blank (domain 4.15)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Blank
from crm.production.operations.post_drip import cuts
from engine.languages.message import Message, listed
from engine.model.values import show_number


def drip_cuts(blank: Blank) -> str:
    """Say «партия Ф221120261/3: 12,000 кг» of every order that will be cut; empty when all fit."""
    line = Message("партия {number}: {kg} кг")
    said = [
        line.with_values({"number": str(item.order), "kg": show_number(kg, 3)})
        for item, kg in cuts(blank)
    ]
    return listed(said, "; ") if said else Message("")


FACT = Fact(params=("blank",), result="text?", answer=drip_cuts)
