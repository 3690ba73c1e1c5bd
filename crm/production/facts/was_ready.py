"""Whether a blank that was used up was finished with the defroster (domain 5.2)."""

from __future__ import annotations

from crm.fact import Fact
from crm.ledger.models import StateHistory
from crm.production.models import Blank


def was_ready(blank: Blank) -> bool:
    """Tell whether it was used up as a ready one, by its history; one that was not has its drip
    still to be posted."""
    lines = StateHistory.objects.filter(record=Blank.RECORD, record_id=str(blank.pk))
    last = lines.filter(to_state=Blank.State.DEPLETED).order_by("-at", "-pk").first()
    return last is None or last.from_state != Blank.State.DEFROSTED


FACT = Fact(params=("blank",), result="bool", answer=was_ready)
