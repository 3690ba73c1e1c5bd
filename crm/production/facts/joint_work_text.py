"""The question whether a free line shall help (domain 4.27)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.facts.queued_mixes import queued_mixes
from crm.production.joint import other_line, own_line
from crm.production.models import MincedOrder
from crm.production.models.order import LineMode
from engine.languages.message import Message, Numeral


def joint_work_text(order: MincedOrder) -> str:
    """Say «Линия 2 свободна. На линии 1 в очереди 4 замеса партии Ф…/3. Подключить линию 2?»."""
    if order.line_mode == LineMode.BOTH:
        return Message("Партия {order} уже идёт по обеим линиям", {"order": str(order)})
    text = Message(
        "Линия {other} свободна. На линии {own} в очереди {queued} "
        "{queued | one замес | few замеса | many замесов} партии {order}. "
        "Подключить линию {other}?"
    )
    values = {"other": str(other_line(order)), "own": str(own_line(order)), "order": str(order)}
    queued = queued_mixes(order)
    return text.with_values({**values, "queued": Numeral(str(queued), queued)})


FACT = Fact(params=("minced_order",), result="text", answer=joint_work_text)
