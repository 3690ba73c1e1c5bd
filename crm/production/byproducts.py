"""Out of what a by-product came: the components of the mixes that left the press of its line before
it (domain 14.1.3). Start at `parents_of`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from crm.ledger.models import Edge, Lot, StateHistory
from crm.production.day import shift_began
from crm.production.models import MincedOrder, Mix, MixUse, SecondMinced
from crm.production.models.mix import DISCHARGED
from crm.production.shares import share_of

SHIFT = timedelta(hours=12)
# Left the press and stands on the line: nothing of it is written off yet.
PRESSED = (
    Mix.State.PRESSED,
    Mix.State.MIXING,
    Mix.State.IN_LAB,
    Mix.State.LAB_DECISION,
    Mix.State.READY_TO_DISCHARGE,
)


@dataclass(frozen=True, slots=True)
class Parent:
    """A lot that gave kilograms, its generation of rework; `estimated`: nobody weighed them."""

    lot: Lot
    kg: Decimal
    generation: int = 0
    estimated: bool = True


def parents_of(
    order: MincedOrder | None, mix: Mix | None, at: datetime, line: int | None = None
) -> list[Parent]:
    """Return the parents of what is registered at a moment: a blocked mix itself, otherwise the
    components of the mixes that have left the press of a line (of both, when none is named): those
    of one order, or all of this shift (of this day, when the shift has none yet). A mix that is
    not discharged yet counts with its share."""
    if mix is not None:
        kg = sum((use.kg for use in mix.uses.filter(undone_by=None)), Decimal(0))
        return [Parent(mix.lot, kg or Decimal(1), mix.rework_gen, estimated=False)]
    given: defaultdict[int, Decimal] = defaultdict(Decimal)
    mixes = _pressed(order, line, at)
    for lot, kg in MixUse.objects.filter(mix__in=mixes, undone_by=None).values_list("lot", "kg"):
        given[lot] += kg
    for one in mixes:
        if one.state not in DISCHARGED:
            for item, kg in share_of(one):
                given[item.lot_id] += kg
    # What is only planned, such as a blank that is not weighed yet, was in no press.
    lots = Lot.objects.filter(born__isnull=False).in_bulk(given)
    generations = dict(
        SecondMinced.objects.filter(lot__in=given).values_list("lot_id", "rework_gen")
    )
    return [Parent(lots[pk], given[pk], generations.get(pk, 0)) for pk in sorted(lots)]


def recipes_of(
    order: MincedOrder | None, mix: Mix | None, at: datetime, line: int | None = None
) -> set[int]:
    """Return the ids of the recipes by which the mince was made that a by-product is of: that of
    the order or of the mix that is named, otherwise those of the mixes that may have given it."""
    named = mix.order if mix is not None else order
    if named is not None:
        return {named.recipe_id}
    if mix is not None:
        return set()
    return {one.order.recipe_id for one in _pressed(None, line, at) if one.order is not None}


def lines_pressed(order: MincedOrder | None, at: datetime) -> list[int]:
    """Return the lines whose press the mixes have left that may have given what is registered at a
    moment."""
    return sorted({one.line for one in _pressed(order, None, at) if one.line is not None})


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
    return {one.pk for one in _pressed(second.source_order, second.source_line, at)}


def _pressed(order: MincedOrder | None, line: int | None, at: datetime) -> list[Mix]:
    """Return the mixes that had left the press at a moment: of an order, else of the shift."""
    if order is not None:
        return list(_left_press(Mix.objects.filter(order=order), line, at))
    for began in (shift_began(at), at - 2 * SHIFT):
        # Who left the press in a shift has not left the mixer before it.
        late = Q(state__in=PRESSED) | Q(produced_at__gte=began)
        if found := list(_left_press(Mix.objects.filter(late), line, at, began)):
            return found
    return []


def _left_press(
    mixes: QuerySet[Mix], line: int | None, at: datetime, since: datetime | None = None
) -> QuerySet[Mix]:
    """Give the mixes that had left the press, by their histories; what has none left it before the
    mixer, at the latest."""
    passed = StateHistory.objects.filter(
        record=Mix.RECORD,
        record_id=Cast(OuterRef("pk"), CharField()),
        from_state=Mix.State.PRESSING,
        to_state=Mix.State.PRESSED,
        at__lte=at,
    )
    if line is not None:
        mixes = mixes.filter(line=line)
    there = mixes.filter(state__in=[*PRESSED, *DISCHARGED]).select_related("order")
    left = Coalesce(Subquery(passed.order_by("-at").values("at")[:1]), "produced_at")
    gone = there.annotate(left_press=left).filter(left_press__lte=at)
    return (gone if since is None else gone.filter(left_press__gte=since)).order_by("pk")
