"""Which raw batches will be held when a blank is taken off (domain 4.14, 5.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.own_words import own
from crm.production.models import Blank
from crm.production.operations.pass_on_holds import open_holds
from crm.production.operations.write_off_blank import times_weighed
from engine.languages.message import Message, listed


def holds_passed_on(blank: Blank) -> str:
    """Say «партии 2211/3, 2211/4. Посторонний предмет: осколок» of each hold that the raw meat of
    a held blank takes along; empty when nothing is held, or nothing was ever weighed."""
    if not times_weighed(blank):
        return Message("")
    lines = blank.items.select_related("batch").order_by("position")
    batches = ", ".join(dict.fromkeys(str(line.batch) for line in lines))
    text = Message("партии {batches}. {kind}: {reason}")
    said = [
        text.with_values({"batches": batches, "kind": one.kind_said, "reason": own(one.reason)})
        for one in open_holds(blank)
    ]
    return listed(said, "; ") if said else Message("")


FACT = Fact(params=("blank",), result="text?", answer=holds_passed_on)
