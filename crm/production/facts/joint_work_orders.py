"""The orders that a free line could help with (domain 4.27)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.joint import waiting_orders

FACT = Fact(params=("minced_order",), result="list of minced_order", answer=waiting_orders)
