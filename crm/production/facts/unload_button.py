"""The button of a line of «Ближайшая выгрузка» (domain 4.31)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.facts.is_load_due import is_load_due
from crm.production.models import FreezerLoad
from engine.languages.message import Message


def unload_button(load: FreezerLoad) -> str:
    """Say «Выгрузить раньше: Плиточник 3», of a shocker with the pallet; «Выгрузить: …» when the
    time is over."""
    freezer = load.freezer.said
    values = {"freezer": freezer, "number": str(load.pallet or "")}
    place = Message("{freezer}, паллет {number}", values) if load.pallet else freezer
    if is_load_due(load):
        return Message("Выгрузить: {place}", {"place": place})
    return Message("Выгрузить раньше: {place}", {"place": place})


FACT = Fact(params=("freezer_load",), result="text", answer=unload_button)
