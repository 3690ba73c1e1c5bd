"""Whether everything that a mix is made of may be unpacked (domain 5.1, 5.12, 6.5)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import not_usable
from crm.production.models import Mix


def components_usable(mix: Mix) -> bool:
    """Tell whether every component of the order is released and held by nothing."""
    return mix.order is not None and not_usable(mix.order) is None


FACT = Fact(params=("mix",), result="bool", answer=components_usable)
