"""What a box weighs (domain 13.7)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.boxes import box_weight

FACT = Fact(params=(), result="number kg", answer=box_weight)
