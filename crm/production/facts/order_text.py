"""What an order is, for its planner (domain 4.17)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.production.blend import Blend
from crm.production.models import Blank, MincedOrder, Mix, OrderItem, RawBatch
from crm.production.shares import items_of
from crm.production.told import parts
from engine.languages.message import Message, listed
from engine.model.values import show_number


def order_text(order: MincedOrder) -> str:
    """Say the composition, Б/Ж/В over the analysed mass, and the numbers of the mixes."""
    items = items_of(order)
    total = sum((item.kg_planned for item in items), Decimal(0))
    analysed = order.analysed_kg or Decimal(0)
    made = Blend(order.fat, order.protein, order.moisture, total, analysed)
    mixes = order.mixes.exclude(state=Mix.State.CANCELLED).order_by("index")
    return Message(
        "{lines}. {parts}. Замесы: {mixes}",
        {
            "lines": listed([_line(item) for item in items], ", "),
            "parts": parts(made),
            "mixes": ", ".join(str(mix) for mix in mixes),
        },
    )


def _line(item: OrderItem) -> Message:
    record = item.lot.record
    values = {"number": str(record), "kg": show_number(item.kg_planned, 3)}
    match record:
        case RawBatch():
            values["material"] = str(record.raw_material)
            return Message("{number} {material} – {kg} кг", values)
        case Blank():
            return Message("заготовка {number} – {kg} кг", values)
        case _:
            return Message("вторфарш {number} – {kg} кг", values)


FACT = Fact(params=("minced_order",), result="text", answer=order_text)
