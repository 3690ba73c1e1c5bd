"""How much of a blank may be planned (domain 4.15, 7.1)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import free_of_blank

FACT = Fact(params=("blank",), result="number kg", answer=free_of_blank)
