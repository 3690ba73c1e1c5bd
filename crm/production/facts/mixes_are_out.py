"""Whether an order has no more work (domain 5.3)."""

from __future__ import annotations

from crm.asked_once import asked_once
from crm.fact import Fact
from crm.prepared import Prepared
from crm.production.models import MincedOrder, Mix

OVER = (Mix.State.FINISHED, Mix.State.CANCELLED)
AT_WORK = Prepared(
    lambda: Mix.objects.exclude(state__in=OVER).order_by().values_list("order").distinct()
)


def mixes_are_out(order: MincedOrder) -> bool:
    """Tell whether every mix is finished or cancelled."""
    return order.pk not in _at_work()


@asked_once
def _at_work() -> frozenset[int | None]:
    """Return the orders with mixes at work: whoever asks about one asks about each."""
    return frozenset(order for (order,) in AT_WORK.rows())


FACT = Fact(params=("minced_order",), result="bool", answer=mixes_are_out)
