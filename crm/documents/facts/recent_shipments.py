"""Shipments that a paper may be asked about in a chat (domain 10.12)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import Shipment

MOST = 50  # the newest; an older one is found in the office


def recent_shipments() -> Iterator[Shipment]:
    """Give the newest shipments, the last one first."""
    yield from Shipment.objects.select_related("customer").order_by("-pk")[:MOST]


FACT = Fact(params=(), result="list of shipment", answer=recent_shipments)
