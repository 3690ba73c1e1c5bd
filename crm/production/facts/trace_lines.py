"""A trace of a lot to its ends as rows of a workbook (domain 4.41, 14.1)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.ledger.trace import Way, trace
from crm.production.lots import Named, named
from crm.production.lying import put_on
from crm.quality.open_holds import held_by

FIELDS = {
    "kind": "text",
    "number": "text",
    "state": "text",
    "kg": "number kg",
    "suspect": "number kg",
    "share": "number %",
    "held": "text?",
}


def trace_lines(lot: Lot, way: str) -> Iterator[Line]:
    """Give the lots of a trace without the traced one, the greatest shares first; `suspect` are
    the kilograms that are of it (backward: in it), `held` what holds the lot itself."""
    found = trace(lot.pk, Way(way), holding=put_on([lot.pk]))
    names = named(found.parts)
    held = held_by(found.parts)
    for part in sorted(found.parts.values(), key=lambda one: (-one.share, one.lot)):
        if part.lot != lot.pk:
            fields = {
                **named_fields(names[part.lot]),
                "kg": part.kg,
                "suspect": part.suspect,
                "share": part.share,
                "held": held.get(part.lot),
            }
            yield Line(str(part.lot), names[part.lot].full, fields)


def named_fields(name: Named) -> dict[str, str]:
    """Return how a lot is called in rows: what it is, its full number, its state."""
    return {
        "kind": str(Lot.Kind(name.kind).label),
        "number": name.full,
        "state": name.state_title,
    }


FACT = Fact(
    params=("lot", "choice(forward, backward)"),
    result="list of trace_line",
    answer=trace_lines,
    records={"trace_line": FIELDS},
)
