"""What the crew of a line is told of a mix (domain 4.19)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Model

from crm.fact import Fact
from crm.ledger.models import Lot
from crm.production.models import Blank, Mix, RawBatch
from crm.production.models.order import LineMode
from crm.production.shares import Share, share_of
from engine.languages.message import Message, listed
from engine.model.values import show_number

TENTH = Decimal("0.1")


def mix_text(mix: Mix) -> str:
    """Say the line, the order, the recipe and a line each of what the mix takes, to 0.1 kg; second
    minced is one line."""
    if mix.order is None:
        return Message("Замес {number}", {"number": str(mix)})
    said = [Message("‼ Рецептура изменена, замес отправлен повторно")] if mix.remake else []
    recipe, index = str(mix.order.recipe), str(mix.index)
    said += [
        _line(mix),
        Message("Новый замес {recipe} замес – {index}", {"recipe": recipe, "index": index}),
        Message("Партия {order}", {"order": str(mix.order)}),
        Message("Рецепт {recipe}", {"recipe": recipe}),
    ]
    return listed([*said, *composition(share_of(mix))], "\n")


def _line(mix: Mix) -> Message:
    both = mix.order is not None and mix.order.line_mode == LineMode.BOTH
    said = Message("Обе, линия – {line}") if both else Message("Линия – {line}")
    return said.with_values({"line": str(mix.line or "—")})


def composition(taken: list[Share]) -> list[Message]:
    """Say a line each of what is taken: «2011/3 Каркас – 866,7 кг»; «Вторфарш – 20,0 кг»."""
    said, second = [], Decimal(0)
    for item, kg in taken:
        if item.lot.kind == Lot.Kind.SECOND_MINCED:
            second += kg
            continue
        record = item.lot.record
        values = {"number": str(record), "material": _materials(record), "kg": _tenths(kg)}
        said.append(Message("{number} {material} – {kg} кг", values))
    if second:
        said.append(Message("Вторфарш – {kg} кг", {"kg": _tenths(second)}))
    return said


def _materials(record: Model) -> str:
    if isinstance(record, Blank):
        items = record.items.select_related("batch__raw_material").order_by("position")
        return ", ".join(dict.fromkeys(str(item.batch.raw_material) for item in items))
    return str(record.raw_material) if isinstance(record, RawBatch) else ""


def _tenths(kg: Decimal) -> str:
    return show_number(kg.quantize(TENTH, ROUND_HALF_UP), 1)


FACT = Fact(params=("mix",), result="text", answer=mix_text)
