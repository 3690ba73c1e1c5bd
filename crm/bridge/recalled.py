"""A recall as people read it: affected lots, who has them, two masses that add up, the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils import timezone

from crm.ledger.models import Lot
from crm.production.facts.recall_balance import PLACES
from crm.production.recall import LIMIT_S, MassBalance, Recall
from engine.model.values import show_number

STEPS = {"identified": "Определено", "customers": "Заказчики", "balanced": "Баланс"}


def as_text(found: Recall) -> str:
    """Return a recall as lines of text."""
    return "\n".join(_lines(found))


def _lines(found: Recall) -> Iterator[str]:
    root = found.names[found.trace.root]
    yield f"Отзыв: {root}, {show_number(found.trace.kg, 3)} кг"
    yield f"\nЗатронуто лотов: {len(found.trace.parts)}"
    kinds = Counter(name.kind for name in found.names.values())
    yield from (f"  {Lot.Kind(kind).label}: {count}" for kind, count in kinds.items())
    by_share = sorted(found.trace.parts.values(), key=lambda part: (-part.share, part.lot))
    for part in by_share:
        name = found.names[part.lot]
        yield (
            f"  {name}: {name.state_title.lower()}, {show_number(part.kg, 3)} кг,"
            f" из отзываемого {show_number(part.suspect, 3)} кг ({show_number(part.share, 2)} %)"
        )
    for title, where in (("На складах", found.on_hand), ("В производстве", found.in_process)):
        yield f"\n{title}: {len(where)}"
        yield from (f"  {found.names[lot]}: {show_number(kg, 3)} кг" for lot, kg in where.items())
    yield f"\nОтгружено: {len(found.shipped)}"
    for one in found.shipped:
        when = timezone.localtime(one.at).strftime("%d.%m.%Y %H:%M") if one.at else "без отгрузки"
        whom = one.customer or "неизвестно кому"
        what = f"{found.names[one.lot]}: {show_number(one.kg, 3)} кг"
        yield f"  {what}, {whom}, {one.shipment}, {when}"
    yield from _balance("Отзываемая масса", found.suspect)
    yield from _balance("Затронутая продукция", found.product)
    yield f"\nЧасы (предел {LIMIT_S // 3600} ч):"
    yield from (f"  {STEPS[step]}: {passed:.3f} с" for step, passed in found.clock.items())


def _balance(title: str, mass: MassBalance) -> Iterator[str]:
    yield f"\n{title}:"
    for name, line in PLACES:
        yield f"  {line}: {show_number(getattr(mass, name), 3)} кг"
    yield f"  Объяснено: {show_number(mass.accounted, 2)} %"
