"""What a load is (domain 4.29, 4.30)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import FreezerLoad
from crm.production.numbers import content_text
from engine.languages.message import Message


def load_content(load: FreezerLoad) -> str:
    """Say «замес Ф…/2» or «паллет 14: замес Ф…/2»."""
    if load.pallet is None:
        return Message("замес {number}").with_values({"number": str(load.mix)})
    values = {"number": str(load.pallet), "content": content_text(load.pallet)}
    return Message("паллет {number}: {content}").with_values(values)


FACT = Fact(params=("freezer_load",), result="text", answer=load_content)
