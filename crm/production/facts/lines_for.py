"""Which lines a mix may enter now (domain 6.2 to 6.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.lines import before, is_open, lines_of
from crm.production.models import MincedOrder, Mix


def lines_for(mix: Mix) -> list[int]:
    """Return the lines of an active order that are open to the mix and whose turn it is, the best
    first; whether their stations have room is asked with each."""
    order = mix.order
    if order is None or order.state != MincedOrder.State.ACTIVE:
        return []
    return [line for line in lines_of(order) if is_open(mix, line) and before(mix, line) is None]


FACT = Fact(params=("mix",), result="list of integer", answer=lines_for)
