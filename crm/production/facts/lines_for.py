"""Which lines a mix may enter now (domain 6.2 to 6.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.lines import before, free_lines, is_open
from crm.production.models import MincedOrder, Mix


def lines_for(mix: Mix) -> list[int]:
    """Return the lines of an active order that have room for unpacking, are open to the mix and
    whose turn it is, the best first; whether they have a place in the buffer is asked with each."""
    order = mix.order
    if order is None or order.state != MincedOrder.State.ACTIVE:
        return []
    return [line for line in free_lines(order) if is_open(mix, line) and before(mix, line) is None]


FACT = Fact(params=("mix",), result="list of integer", answer=lines_for)
