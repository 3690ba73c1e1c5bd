"""Which holds are open on lots themselves, without what they inherit (`usable` asks for that)."""

from __future__ import annotations

from collections.abc import Iterable

from crm.quality.models import Hold


def held_by(lots: Iterable[int]) -> dict[int, str]:
    """Say the open holds of lots, «ФХП: причина; …», by the id of the lot; one query."""
    found: dict[int, list[str]] = {}
    for hold in Hold.objects.filter(lot__in=[*lots], released_at__isnull=True).order_by("pk"):
        found.setdefault(hold.lot_id, []).append(str(hold))
    return {lot: "; ".join(said) for lot, said in found.items()}
