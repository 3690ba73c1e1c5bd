"""What a period took and gave (domain 10.5): uses of mixes that left the mixer in it, pallets that
were accepted in it, what was in between when it began and ended. Read by the facts `daily_*`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.lookups import IsNull
from django.utils.translation import gettext

from crm.ledger.models import Account, Lot, Posting
from crm.ledger.standing import that_stand
from crm.production.grams import split_by
from crm.production.models import Mix, MixUse, Pallet, PalletItem, RawBatch, SecondMinced
from crm.production.models.pallet import IN_WORK
from crm.production.operations import accept_from_remainder, convert_pallet, weigh_rework
from crm.quality.models import Hold
from crm.quality.usable import Use, blocked_lots, forbidden

Period = tuple[datetime, datetime]
NOTHING = Decimal(0)
# Events that bring what was registered to what its pallet weighs.
WEIGHED = (accept_from_remainder.OVER_KIND, weigh_rework.KIND)


@dataclass(frozen=True, slots=True)
class Made:
    """An accepted pallet of mince: how reports call its recipe, its net, what forbids to ship
    it."""

    recipe: str
    net: Decimal
    hold: Hold | None


def used_lots(period: Period) -> dict[Lot, Decimal]:
    """Return kilograms by the raw batch or second-minced lot they are of. Those of a blank are
    divided over its batches by its actual composition in whole grams, the last takes the rest."""
    begins, ends = period
    uses = MixUse.objects.filter(
        undone_by=None, mix__produced_at__gte=begins, mix__produced_at__lt=ends
    ).select_related("lot__blank")
    found: dict[Lot, Decimal] = defaultdict(lambda: NOTHING)
    for use in uses.prefetch_related("lot__blank__items__batch__lot").order_by("pk"):
        for lot, kg in sources(use):
            found[lot] += kg
    return found


def sources(use: MixUse) -> Iterator[tuple[Lot, Decimal]]:
    """Give the raw batches, or the second-minced lot, behind a use: kilograms of a blank are
    divided over its batches by its actual composition in whole grams, the last takes the rest."""
    if use.blank is None:
        yield use.lot, use.kg
        return
    items = list(use.blank.items.all())
    weights = [one.kg_planned if one.kg_actual is None else one.kg_actual for one in items]
    for item, kg in zip(items, split_by(use.kg, weights), strict=True):
        if kg:
            yield item.batch.lot, kg


def defrosted(batch: RawBatch, kg: Decimal) -> Decimal:
    """Return kilograms of a batch after defrosting (domain Q9), whole grams, half a gram up."""
    material = batch.raw_material
    loss = material.defrost_loss_pct if material and batch.condition == "frozen" else None
    left = kg if loss is None else kg * (100 - loss) / 100
    return left.quantize(Decimal("0.001"), ROUND_HALF_UP)


def made_pallets(period: Period) -> list[Made]:
    """Return the pallets of mince accepted in a period: those of МКО were counted when their lots
    were registered, and what became вторфарш within the period is counted as that. One that was
    taken back to be weighed again is not accepted."""
    rows = _accepted(period).exclude(pk__in=converted(period))
    pallets = list(rows.select_related("recipe").order_by("recipe__number", "pk"))
    holds = blocked_lots([one.lot_id for one in pallets], Use.SHIPPING)
    return [Made(_called(one), one.net or NOTHING, holds.get(one.lot_id)) for one in pallets]


def output_by_day(period: Period, day_of: Callable[[str], Case]) -> dict[int, Decimal]:
    """Return what each day of a period gave: the net of its `made_pallets` that nothing forbids to
    ship (domain 5.4: blocked mince is left out of output). Days are numbers, which `day_of` makes
    of a column of moments; one without any is absent."""
    pallets = _accepted(period).exclude(lot__in=forbidden(Use.SHIPPING)).order_by()
    pallets = pallets.annotate(day=day_of("accepted_at"))
    sums = list(pallets.values_list("day", "state").annotate(Sum("net")))
    found: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for day, _state, kg in sums:
        found[day] += kg or NOTHING
    if any(state == Pallet.State.CONVERTED for _day, state, _kg in sums):  # on few days one is
        ends = _conversions(period).annotate(day=day_of("event__occurred_at"))
        days = ends.values_list("event__key", "day")
        gone = {(convert_pallet.pallet_of(key), day) for key, day in days}
        back = pallets.filter(state=Pallet.State.CONVERTED).values_list("pk", "day", "net")
        for pk, day, net in back:
            if (pk, day) in gone:
                found[day] -= net or NOTHING
    return found


def is_taken_in() -> Q:
    """Return what is true of the pallets that came to the store of finished goods, whatever became
    of them there: not of those that were taken back to be weighed again, nor of вторфарш, which
    stays in a store of its own under its lots."""
    inside = PalletItem.objects.filter(
        pallet=OuterRef("pk"), lot__second_minced__kind=SecondMinced.Kind.REWORK
    )
    # Not by EXISTS: PostgreSQL would read the contents of all pallets for it, of whatever kind.
    rework = Q(kind=Pallet.Kind.SECOND) & Q(IsNull(Subquery(inside.values("pk")[:1]), False))
    return _came_in() & ~rework


def _came_in() -> Q:
    gone = Q(state__in=[Pallet.State.CANCELLED, *IN_WORK])
    return Q(accepted_at__isnull=False) & ~gone


def _accepted(period: Period) -> QuerySet[Pallet]:
    begins, ends = period
    rows = Pallet.objects.filter(_came_in(), accepted_at__gte=begins, accepted_at__lt=ends)
    return rows.exclude(kind=Pallet.Kind.SECOND)


def _called(pallet: Pallet) -> str:
    if pallet.recipe is None:
        return gettext("Пет-фуд без партии")
    return pallet.recipe.report_name or str(pallet.recipe)


def registered_second(period: Period) -> Decimal:
    """Return the net of the second-minced lots registered in a period."""
    begins, ends = period
    rows = SecondMinced.objects.filter(registered_at__gte=begins, registered_at__lt=ends)
    rows = rows.exclude(state=SecondMinced.State.CANCELLED)
    return rows.aggregate(kg=Sum("net"))["kg"] or NOTHING


def converted(period: Period) -> dict[int, Decimal]:
    """Return the kilograms that became вторфарш in a period, by the pallet that they lay on."""
    sums = _conversions(period).values_list("event__key").annotate(Sum("kg"))
    return {convert_pallet.pallet_of(key): kg for key, kg in sums}


def _conversions(period: Period) -> QuerySet[Posting]:
    begins, ends = period
    lines = Posting.objects.filter(event__kind=convert_pallet.KIND, kg__gt=0).order_by()
    return lines.filter(event__occurred_at__gte=begins, event__occurred_at__lt=ends)


def taken_back(period: Period) -> Decimal:
    """Return what of the second-minced lots registered in a period came off the store and not out
    of the process: pallets that had been counted before they became вторфарш."""
    begins, ends = period
    fresh = Pallet.objects.filter(accepted_at__gte=begins, accepted_at__lt=ends)
    sums = converted(period)
    counted = (
        fresh.filter(pk__in=sums).exclude(kind=Pallet.Kind.SECOND).values_list("pk", flat=True)
    )
    return sum(sums.values(), NOTHING) - sum((sums[pk] for pk in counted), NOTHING)


def weighed_anew(period: Period) -> Decimal:
    """Return by how much pallets of МКО and вторфарш weighed more when they were accepted in a
    period than had been registered for them, below zero for less: it came out of the process."""
    begins, ends = period
    weighed = Q(lot__pallet__kind=Pallet.Kind.SECOND) | Q(event__kind__in=WEIGHED)
    lines = Posting.objects.filter(weighed, account=Account.PROCESS)
    within = lines.filter(event__occurred_at__gte=begins, event__occurred_at__lt=ends)
    return -(within.aggregate(kg=Sum("kg"))["kg"] or NOTHING)


def unfinished(at: datetime) -> Decimal:
    """Return what had left the mixer before a moment and was not on stock then: of each mix that
    still had a pallet to be accepted, or none yet, what it took less what its pallets gave. What
    was undone later never was; a pallet whose weight was corrected later was accepted when it
    was."""
    items = PalletItem.objects.filter(lot=OuterRef("lot"))
    items = items.exclude(pallet__state=Pallet.State.CANCELLED)
    there = Q(pallet__accepted_at__lt=at) & ~Q(pallet__state__in=IN_WORK)
    open_mixes = Mix.objects.filter(~Exists(items) | Exists(items.exclude(there)))
    lines = Posting.objects.filter(account=Account.PROCESS, mix__in=open_mixes)
    lines = lines.filter(that_stand())
    before = Q(lot__pallet=None, event__occurred_at__lt=at) | Q(lot__pallet__accepted_at__lt=at)
    return lines.filter(before).aggregate(kg=Sum("kg"))["kg"] or NOTHING
