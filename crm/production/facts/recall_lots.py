"""Which lots a recall affects, and where their kilograms are (domain 14.2)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.production.facts.trace_lines import named_fields
from crm.production.recall import recall
from crm.quality.open_holds import held_by


def recall_lots(lot: Lot) -> Iterator[Line]:
    """Give every affected lot, the recalled one too, the greatest shares first."""
    found = recall(lot.pk)
    held = held_by(found.trace.parts)
    for part in sorted(found.trace.parts.values(), key=lambda one: (-one.share, one.lot)):
        fields = {
            **named_fields(found.names[part.lot]),
            "kg": part.kg,
            "suspect": part.suspect,
            "share": part.share,
            "on_hand": found.on_hand.get(part.lot),
            "in_process": found.in_process.get(part.lot),
            "held": held.get(part.lot),
        }
        yield Line(str(part.lot), found.names[part.lot].full, fields)


FACT = Fact(
    params=("lot",),
    result="list of recall_lot",
    answer=recall_lots,
    records={
        "recall_lot": {
            "kind": "text",
            "number": "text",
            "state": "text",
            "kg": "number kg",
            "suspect": "number kg",
            "share": "number %",
            "on_hand": "number kg?",
            "in_process": "number kg?",
            "held": "text?",
        }
    },
)
