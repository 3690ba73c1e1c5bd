"""What a composition would be: fat, protein, moisture over its analysed mass only (domain Q1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from crm.ledger.models import Lot
from crm.production.grams import GRAM, NOTHING
from crm.production.models import Blank, RawBatch

PARTS = ("fat", "protein", "moisture")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Part:
    """Kilograms of one component; how many of them are analysed, and as what, in per cent."""

    kg: Decimal
    analysed: Decimal = NOTHING
    fat: Decimal = NOTHING
    protein: Decimal = NOTHING
    moisture: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Blend:
    """A composition. Shares are per cent with two digits, None when nothing of it is analysed;
    masses are kilograms. `unanalysed_percent` is None for an empty one."""

    fat: Decimal | None
    protein: Decimal | None
    moisture: Decimal | None
    total: Decimal
    analysed: Decimal

    @property
    def unanalysed(self) -> Decimal:
        """Kilograms that no analysis says anything of."""
        return self.total - self.analysed

    @property
    def unanalysed_percent(self) -> Decimal | None:
        """Their share of the whole, per cent with one digit."""
        if not self.total:
            return None
        share = self.unanalysed * 100 / self.total
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP).quantize(CENT)


def blend(parts: Iterable[Part]) -> Blend:
    """Mix components. Rounded half up, once, at the end.

    >>> blend([Part(Decimal(1000), Decimal(1000), Decimal(17), Decimal(13), Decimal(67)),
    ...        Part(Decimal(500), Decimal(500), Decimal(22), Decimal(12), Decimal(63)),
    ...        Part(Decimal(300))]).fat
    Decimal('18.67')
    """
    known = [*parts]
    analysed = sum((part.analysed for part in known), NOTHING)
    total = sum((part.kg for part in known), NOTHING)

    def share(name: str) -> Decimal | None:
        if not analysed:
            return None
        weighed = sum((getattr(part, name) * part.analysed for part in known), NOTHING)
        return (weighed / analysed).quantize(CENT, ROUND_HALF_UP)

    return Blend(share("fat"), share("protein"), share("moisture"), total, analysed)


def part_of_batch(batch: RawBatch, kg: Decimal) -> Part:
    """Return kilograms of a raw batch: analysed all or not at all."""
    found = batch.analysis
    return Part(kg, kg, found.fat, found.protein, found.moisture) if found else Part(kg)


def part_of_blank(blank: Blank, kg: Decimal) -> Part:
    """Return kilograms of a blank: as much of them is analysed as of the whole."""
    whole = blank.weight_actual or blank.weight_planned
    if not whole or not blank.analysed_kg or blank.fat is None:
        return Part(kg)
    analysed = (kg * blank.analysed_kg / whole).quantize(GRAM, ROUND_HALF_UP)
    protein, moisture = blank.protein or NOTHING, blank.moisture or NOTHING
    return Part(kg, analysed, blank.fat, protein, moisture)


def part_of(lot: Lot, kg: Decimal) -> Part:
    """Return kilograms of any component; a second-minced lot has no analysis of its own."""
    match lot.record:
        case RawBatch() as batch:
            return part_of_batch(batch, kg)
        case Blank() as blank:
            return part_of_blank(blank, kg)
        case _:
            return Part(kg)
