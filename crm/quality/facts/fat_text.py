"""The fat of a raw batch in the label of a button (domain 4.11)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import RawBatch
from engine.languages.message import Message
from engine.model.values import show_number


def fat_text(batch: RawBatch) -> str:
    """Say the fat by the last analysis: «Ж 17,00», or «без анализа»."""
    if batch.fat is None:
        return Message("без анализа")
    return Message("Ж {fat}", {"fat": show_number(batch.fat, 2)})


FACT = Fact(params=("raw_batch",), result="text", answer=fat_text)
