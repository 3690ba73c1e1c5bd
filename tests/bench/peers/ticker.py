"""How a plant's program looks for work today: a tick asks of every mix, one after another, what its
order is and what waits for it. Frozen: a change re-measures its rows."""

from __future__ import annotations

from crm.production.models import MincedOrder, Mix
from crm.work.models import Task


def tick(mixes: int) -> int:
    """Look at so many of the last mixes, two questions each; return how many somebody has to do."""
    waiting = 0
    for number, order in Mix.objects.order_by("-pk").values_list("pk", "order_id")[:mixes]:
        state = MincedOrder.objects.values_list("state", flat=True).get(pk=order)
        tasks = Task.objects.filter(subject=Mix.RECORD, subject_id=str(number), state="open")
        waiting += bool(state) and tasks.exists()
    return waiting
