"""Which plate freezer becomes free first (domain 4.26)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import FreezerLoad, Mix

STANDS = (FreezerLoad.State.FREEZING, FreezerLoad.State.DUE, FreezerLoad.State.OVERDUE)


def next_plate_freezer(mix: Mix) -> FreezerLoad | None:
    """Return the load that is due first among the freezers a mix may go into."""
    rows = FreezerLoad.objects.filter(freezer__kind="plate", state__in=STANDS)
    if mix.order is None or mix.order.line_mode != "both":
        rows = rows.filter(freezer__line=mix.line)
    return rows.select_related("freezer").order_by("due_at", "pk").first()


FACT = Fact(params=("mix",), result="freezer_load?", answer=next_plate_freezer)
