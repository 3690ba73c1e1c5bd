"""Which lines a by-product may be of (domain 14.1.3): asked only where there are two."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production import byproducts
from crm.production.models import MincedOrder


def lines_pressed(order: MincedOrder | None) -> list[int]:
    """Return the lines whose press mixes of an order, or of this shift, have left."""
    return byproducts.lines_pressed(order, timezone.now())


FACT = Fact(params=("minced_order?",), result="list of integer", answer=lines_pressed)
