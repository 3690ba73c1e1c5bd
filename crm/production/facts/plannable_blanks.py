"""Which blanks an order may be planned of (domain 4.17, 4.18)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import BLANK_STATES, free_of_blank
from crm.production.models import Blank
from crm.quality.usable import Use, blocked_lots


def plannable_blanks(product_line: str) -> list[Blank]:
    """Return the blanks of a product line of which something is free and that no hold keeps from
    planning, oldest arrival first."""
    rows = Blank.objects.filter(product_line=product_line, state__in=BLANK_STATES)
    found = list(rows.select_related("lot").order_by("arrival_date", "pk"))
    held = blocked_lots([blank.lot_id for blank in found], Use.PLANNING)
    return [blank for blank in found if blank.lot_id not in held and free_of_blank(blank) > 0]


FACT = Fact(params=("choice(mmo, mko)",), result="list of blank", answer=plannable_blanks)
