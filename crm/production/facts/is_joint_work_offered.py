"""Whether to ask if the other line shall help with an order (domain 4.27)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.joint import offered

FACT = Fact(params=("minced_order",), result="bool", answer=offered)
