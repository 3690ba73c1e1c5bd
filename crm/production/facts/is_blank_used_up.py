"""Whether nothing of a blank is left (domain 5.2)."""

from __future__ import annotations

from collections.abc import Mapping

from crm.asked_once import asked_once
from crm.fact import Fact
from crm.ledger.models import Account, Balance
from crm.prepared import Prepared
from crm.production.component_waits import BLANK_STATES
from crm.production.models import Blank

STORED = Balance.objects.filter(account=Account.BLANK_STORE)
READY = Prepared(
    lambda: (
        STORED.filter(lot__blank__state__in=BLANK_STATES)
        .order_by()
        .values_list("lot", "physical", "reserved")
    )
)


def is_blank_used_up(blank: Blank) -> bool:
    """Tell whether a blank that was weighed has neither kilograms nor reservations left."""
    found = _used_up().get(blank.lot_id)
    if found is None:
        there = STORED.filter(lot=blank.lot_id).first()
        return there is not None and not there.physical and not there.reserved
    return found


@asked_once
def _used_up() -> Mapping[int | None, bool]:
    """Return it for all blanks that are ready: whoever asks about one asks about each."""
    return {lot: not physical and not reserved for lot, physical, reserved in READY.rows()}


FACT = Fact(params=("blank",), result="bool", answer=is_blank_used_up)
