"""Whether the temperature inside of what a load holds was missed, and that is not closed yet
(domain 14.3)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import FreezerLoad
from crm.production.operations.open_load_check import LIMIT, lot_of
from crm.quality.models import Check

MISSED = (Check.State.MISSED, Check.State.CORRECTING, Check.State.VERIFYING)


def is_check_missed(load: FreezerLoad) -> bool:
    """Tell whether a check of it waits for what is done about it: that stays the one."""
    return Check.objects.filter(lot=lot_of(load), limit=LIMIT, state__in=MISSED).exists()


FACT = Fact(params=("freezer_load",), result="bool", answer=is_check_missed)
