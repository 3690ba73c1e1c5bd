"""How many boxes a buffer pallet takes (domain 13.7)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.boxes import most_boxes

FACT = Fact(params=(), result="integer", answer=most_boxes)
