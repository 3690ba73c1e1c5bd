"""Out of what a by-product came: the components of the mixes that left the press before it
(domain 14.1.3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from crm.catalogue.models import Recipe
from crm.ledger.models import Edge, Lot
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
    given: defaultdict[int, Decimal] = defaultdict(Decimal)
    for use in _uses(order, at):
        given[use.lot_id] += use.kg
    lots = Lot.objects.in_bulk(given)
    generations = dict(
        SecondMinced.objects.filter(lot__in=given).values_list("lot_id", "rework_gen")
    )
    return [Parent(lots[pk], kg, generations.get(pk, 0)) for pk, kg in sorted(given.items())]


def recipes_of(order: MincedOrder | None, mix: Mix | None, at: datetime) -> set[int]:
    """Return the ids of the recipes by which the mince was made that a by-product is of: that of
    the order or of the mix that is named, otherwise those of the mixes that may have given it."""
    named = mix.order if mix is not None else order
    if named is not None:
        return {named.recipe_id}
    if mix is not None:
        return set()
    made = Recipe.objects.filter(mincedorder__mixes__uses__in=_uses(None, at))
    return set(made.values_list("pk", flat=True))


def mixes_of(second: SecondMinced) -> set[int]:
    """Return the ids of the mixes that may have given a lot of вторфарш: the one that is named,
    those of the pallet that was converted, else those that `parents_of` would ask."""
    if second.source_mix_id is not None:
        return {second.source_mix_id}
    parents = Edge.objects.filter(child=second.lot_id, voided_by=None).values("parent")
    on_pallets = Mix.objects.filter(lot__pallet_items__pallet__lot__in=parents)
    named = set(on_pallets.values_list("pk", flat=True))
    if named:
        return named
    at = second.registered_at
    return set(_uses(second.source_order, at).values_list("mix", flat=True))


def _uses(order: MincedOrder | None, at: datetime) -> QuerySet[MixUse]:
    uses = MixUse.objects.filter(undone_by=None, mix__produced_at__lte=at)
    if order is not None:
        return uses.filter(mix__order=order)
    shift = uses.filter(mix__produced_at__gte=_shift_began(at))
    return shift if shift.exists() else uses.filter(mix__produced_at__gte=at - 2 * SHIFT)


def _shift_began(at: datetime) -> datetime:
    """Return when the shift of a moment began: at 07:00 or 19:00, plant time."""
    local = timezone.localtime(at)
    began = local.replace(hour=7 if 7 <= local.hour < 19 else 19, minute=0, second=0, microsecond=0)
    return began if began <= local else began - timedelta(days=1)
