"""How far a recall would reach because of an order (domain 14.5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.ledger.trace import Way, lots_of
from crm.production.models import Pallet, SecondMinced, ShipmentPallet
from crm.production.rework import drawn, planned_of, stock
from engine.languages.message import Message, listed


def recall_spread(lines: Sequence[Line]) -> str:
    """Say how many deliveries the mixes of a composition would join, and how many pallets and
    customers a recall would reach then; for вторфарш also its best alternative. Read off the
    genealogy as if the order existed; writes nothing."""
    own = [one.lot_id for line in lines if (one := line["batch"] or line["blank"]) is not None]
    rework = [lot for lot, _ in drawn(planned_of(lines))]
    deliveries = _deliveries([*own, *(lot.lot_id for lot in rework)])
    pallets = _pallets(deliveries)
    left = ShipmentPallet.objects.filter(
        pallet__in=pallets, removed_at=None, shipment__shipped_at__isnull=False
    )
    customers = left.values("shipment__customer").distinct().count()
    text = Message(
        "Замес свяжет поставок: {deliveries}; при отзыве затронет паллетов: {pallets}, "
        "заказчиков: {customers}"
    )
    values = {
        "deliveries": str(len(deliveries)),
        "pallets": str(len(pallets)),
        "customers": str(customers),
    }
    said = text.with_values(values)
    better = _better(own, rework, len(pallets)) if rework else None
    return listed([said, better], ". ") if better else said


def _deliveries(lots: Iterable[int]) -> set[int]:
    """Return the raw batches that lots were made of, as ids of lots."""
    found = lots_of(lots, Way.BACKWARD)
    raw = Lot.objects.filter(pk__in=found, kind=Lot.Kind.RAW_BATCH)
    return set(raw.values_list("pk", flat=True))


def _pallets(lots: Iterable[int]) -> set[int]:
    """Return the pallets that hold anything made of lots."""
    reached = lots_of(lots, Way.FORWARD)
    rows = Pallet.objects.filter(items__lot__in=reached).exclude(state=Pallet.State.CANCELLED)
    return set(rows.values_list("pk", flat=True))


def _better(own: list[int], rework: list[SecondMinced], pallets: int) -> Message | None:
    """Say which other lot of вторфарш would make a recall smallest; None when none does."""
    drawn_ids = {lot.pk for lot in rework}
    others = [
        (len(_pallets(_deliveries([*own, lot.lot_id]))), str(lot))
        for lot, _ in stock()
        if lot.pk not in drawn_ids
    ]
    least = min(others, default=None)
    if least is None or least[0] >= pallets:
        return None
    values = {"number": least[1], "pallets": str(least[0])}
    return Message("с партией {number} было бы паллетов: {pallets}", values)


FACT = Fact(params=("list of plan_line",), result="text", answer=recall_spread)
