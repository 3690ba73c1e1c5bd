"""Whether a mix has left its plate freezer (domain 5.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Mix
from crm.production.models.freezing import HOLDS_A_SLOT


def is_load_out(mix: Mix) -> bool:
    """Tell whether no freezer holds the mix."""
    return not mix.loads.filter(state__in=HOLDS_A_SLOT).exists()


FACT = Fact(params=("mix",), result="bool", answer=is_load_out)
