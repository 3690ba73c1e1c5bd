"""How much of what was shipped is traced to a delivery, every gram of it (domain 14.1.3), and what
keeps the rest from it. Start at `completeness`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.db.models import Exists, OuterRef

from crm.ledger.models import Edge, Lot
from crm.ledger.trace import NOTHING, Way, lots_of
from crm.production.models import ShipmentPallet

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Completeness:
    """Kilograms that left and that are with customers, those of them whose lots all lead to a
    delivery, and the lots that lead to none."""

    shipped: Decimal
    traced: Decimal
    orphans: Sequence[int]

    @property
    def percent(self) -> Decimal | None:
        """The traced share to 0.01, never rounded up to the whole; None of nothing shipped."""
        if not self.shipped:
            return None
        return (100 * self.traced / self.shipped).quantize(HUNDREDTH, ROUND_DOWN)


def completeness(since: datetime) -> Completeness:
    """Tell of what was shipped since a moment: three questions however much that is, and a fourth
    where something has no origin."""
    left = ShipmentPallet.objects.filter(removed_at=None, shipment__shipped_at__gte=since)
    # of a pallet with nothing on it there is no lot
    rows: list[tuple[int, Decimal | None, int | None]] = list(
        left.values_list("pallet", "pallet__net", "pallet__items__lot")
    )
    net = {pallet: kg or NOTHING for pallet, kg, _lot in rows}
    lots = [lot for _pallet, _kg, lot in rows if lot is not None]
    orphans = _orphans(lots_of(lots, Way.BACKWARD))
    reached = lots_of(orphans, Way.FORWARD)
    broken = {pallet for pallet, _kg, lot in rows if lot is None or lot in reached}
    traced = sum((kg for pallet, kg in net.items() if pallet not in broken), NOTHING)
    return Completeness(sum(net.values(), NOTHING), traced, sorted(orphans))


def _orphans(lots: set[int]) -> set[int]:
    """Return those that are no delivery and were made of nothing known."""
    if not lots:
        return set()
    made_of = Edge.objects.filter(child=OuterRef("pk"), kg__gt=0, voided_by=None)
    unknown = Lot.objects.filter(~Exists(made_of), pk__in=lots).exclude(kind=Lot.Kind.RAW_BATCH)
    return set(unknown.values_list("pk", flat=True))
