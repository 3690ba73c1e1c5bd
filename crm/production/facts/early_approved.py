"""Whether a load may be taken out before it is due (domain 4.31, 14.7)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import FreezerLoad


def early_approved(load: FreezerLoad) -> bool:
    """Tell whether somebody with the right approved it."""
    return load.early_approved_by_id is not None


FACT = Fact(params=("freezer_load",), result="bool", answer=early_approved)
