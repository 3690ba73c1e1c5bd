"""Whether the freezing time of a load is over (domain 5.6)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import FreezerLoad

DUE = (FreezerLoad.State.DUE, FreezerLoad.State.OVERDUE)


def is_load_due(load: FreezerLoad) -> bool:
    """Tell whether a load may be unloaded without anybody's leave."""
    return load.state in DUE


FACT = Fact(params=("freezer_load",), result="bool", answer=is_load_due)
