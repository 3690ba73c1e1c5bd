"""How compositions are told to people."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from crm.production.blend import Blend
from crm.production.models import Blank, RawBatch, SecondMinced
from engine.languages.message import Message, listed
from engine.model.values import show_number

Weighed = tuple[RawBatch, Decimal]
NO_DATA = Message("нет данных")  # never 0: domain Q1


def composition(lines: Iterable[Weighed], made: Blend) -> Message:
    """Say the lines of a composition and what it is: «2011/3 Каркас – 1 200,000 кг. Б 12,80 …»."""
    line = Message("{number} {material} – {kg} кг")
    said = [
        line.with_values(
            {"number": str(batch), "material": str(batch.raw_material), "kg": show_number(kg, 3)}
        )
        for batch, kg in lines
    ]
    return Message("{lines}. {parts}").with_values(
        {"lines": listed(said, ", "), "parts": parts(made)}
    )


def parts(made: Blend) -> Message:
    """Say «Б 12,80 Ж 18,00 В 66,20», then always how much of it no analysis says anything of."""
    values: dict[str, str] = {
        "protein": _share(made.protein),
        "fat": _share(made.fat),
        "moisture": _share(made.moisture),
        "kg": show_number(made.unanalysed, 3),
        "percent": show_number(made.unanalysed_percent or 0, 1),
    }
    return Message(
        "Б {protein} Ж {fat} В {moisture}. Не проанализировано {kg} кг ({percent} %)"
    ).with_values(values)


def portions(lots: Iterable[tuple[SecondMinced, Decimal]]) -> str:
    """Say lots of вторфарш: «2211/1/Вторфарш – 250,000 кг, …»; nothing of none."""
    line = Message("{number} – {kg} кг")
    said = [line.with_values({"number": str(lot), "kg": show_number(kg, 3)}) for lot, kg in lots]
    return listed(said)


def of_blank(blank: Blank) -> Blend:
    """Return what a blank is, as it is kept."""
    total = blank.weight_actual or blank.weight_planned or Decimal(0)
    analysed = blank.analysed_kg or Decimal(0)
    return Blend(blank.fat, blank.protein, blank.moisture, total, analysed)


def _share(value: Decimal | None) -> str:
    return NO_DATA if value is None else show_number(value, 2)
