"""Out of what a by-product came: the components of the mixes that left the press before it
(domain 14.1.3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from crm.ledger.models import Lot
from crm.production.models import MincedOrder, Mix, MixUse, SecondMinced

SHIFT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Parent:
    """A lot that gave kilograms, its generation of rework; `estimated`: nobody weighed them."""

    lot: Lot
    kg: Decimal
    generation: int = 0
    estimated: bool = True


def parents_of(order: MincedOrder | None, mix: Mix | None, at: datetime) -> list[Parent]:
    """Return the parents of what is registered at a moment: a blocked mix itself, otherwise the
    components used by the mixes of one order, or by all of this shift (of this day, when the shift
    has none yet)."""
    if mix is not None:
        kg = sum((use.kg for use in mix.uses.filter(undone_by=None)), Decimal(0))
        return [Parent(mix.lot, kg or Decimal(1), mix.rework_gen, estimated=False)]
    uses = MixUse.objects.filter(undone_by=None, mix__produced_at__lte=at)
    if order is not None:
        uses = uses.filter(mix__order=order)
    else:
        shift = uses.filter(mix__produced_at__gte=_shift_began(at))
        uses = shift if shift.exists() else uses.filter(mix__produced_at__gte=at - 2 * SHIFT)
    given: defaultdict[int, Decimal] = defaultdict(Decimal)
    for use in uses:
        given[use.lot_id] += use.kg
    lots = Lot.objects.in_bulk(given)
    generations = dict(
        SecondMinced.objects.filter(lot__in=given).values_list("lot_id", "rework_gen")
    )
    return [Parent(lots[pk], kg, generations.get(pk, 0)) for pk, kg in sorted(given.items())]


def _shift_began(at: datetime) -> datetime:
    """Return when the shift of a moment began: at 07:00 or 19:00, plant time."""
    local = timezone.localtime(at)
    began = local.replace(hour=7 if 7 <= local.hour < 19 else 19, minute=0, second=0, microsecond=0)
    return began if began <= local else began - timedelta(days=1)
