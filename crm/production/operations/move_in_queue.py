"""Give an order its place in the queue of a line (domain 6.3)."""

from __future__ import annotations

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import MincedOrder
from engine.errors import Refusal, Refused

FIRST, LAST = 1, 9


def move_in_queue(by: Person | None, *, order: MincedOrder, place: int) -> None:
    """Let the mixes of an order enter a line before those of a greater place; what is on a line
    goes on. Raises Refused past 1 to 9."""
    del by
    if not FIRST <= place <= LAST:
        raise Refused(Refusal("Очередь бывает от 1 до 9"))
    order.priority = place
    order.save(update_fields=["priority"])


OPERATION = Operation({"order": "minced_order", "place": "integer"}, move_in_queue)
