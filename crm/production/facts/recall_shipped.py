"""Which customers have what a recall affects (domain 14.2)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.production.recall import recall

UNKNOWN = "неизвестно кому"


def recall_shipped(lot: Lot) -> Iterator[Line]:
    """Give what customers have, the latest first; what was booked to no shipment says so."""
    found = recall(lot.pk)
    for at, one in enumerate(found.shipped, start=1):
        fields = {
            "number": found.names[one.lot].full,
            "customer": one.customer or UNKNOWN,
            "contacts": one.contacts or None,
            "shipment": one.shipment or None,
            "at": one.at,
            "kg": one.kg,
        }
        yield Line(str(at), found.names[one.lot].full, fields)


FACT = Fact(
    params=("lot",),
    result="list of recall_shipped_line",
    answer=recall_shipped,
    records={
        "recall_shipped_line": {
            "number": "text",
            "customer": "text",
            "contacts": "text?",
            "shipment": "text?",
            "at": "datetime?",
            "kg": "number kg",
        }
    },
)
