"""What a period took and gave (domain 10.5): uses of mixes that left the mixer in it, pallets that
were accepted in it, what was in between when it began and ended. Read by the facts `daily_*`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum
from django.utils.translation import gettext

from crm.ledger.models import Account, Lot, Posting
from crm.production.grams import split_by
from crm.production.models import MixUse, Pallet, PalletItem, RawBatch, SecondMinced
from crm.quality.models import Hold
from crm.quality.usable import Use, blocked_lots

Period = tuple[datetime, datetime]
NOTHING = Decimal(0)


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
    were registered."""
    begins, ends = period
    rows = Pallet.objects.filter(accepted_at__gte=begins, accepted_at__lt=ends)
    rows = rows.exclude(kind=Pallet.Kind.SECOND).exclude(state=Pallet.State.CANCELLED)
    pallets = list(rows.select_related("recipe").order_by("recipe__number", "pk"))
    holds = blocked_lots([one.lot_id for one in pallets], Use.SHIPPING)
    return [Made(_called(one), one.net or NOTHING, holds.get(one.lot_id)) for one in pallets]


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


def weighed_anew(period: Period) -> Decimal:
    """Return by how much pallets of МКО and вторфарш weighed more when they were accepted in a
    period than had been registered for them, below zero for less: it came out of the process."""
    begins, ends = period
    lines = Posting.objects.filter(account=Account.PROCESS, lot__pallet__kind=Pallet.Kind.SECOND)
    within = lines.filter(event__occurred_at__gte=begins, event__occurred_at__lt=ends)
    return -(within.aggregate(kg=Sum("kg"))["kg"] or NOTHING)


def unfinished(at: datetime) -> Decimal:
    """Return what had left the mixer before a moment and was not on stock then: of each mix that
    still had a pallet to be accepted, or none yet, what it took less what its pallets gave."""
    lines = Posting.objects.filter(account=Account.PROCESS, mix__isnull=False)
    sums = lines.filter(event__occurred_at__lt=at).values("mix__lot").annotate(left=Sum("kg"))
    left = {row["mix__lot"]: row["left"] for row in sums}
    items = PalletItem.objects.filter(lot__in=left).exclude(pallet__state=Pallet.State.CANCELLED)
    accepted: dict[int, list[datetime | None]] = defaultdict(list)
    for lot, moment in items.values_list("lot", "pallet__accepted_at"):
        accepted[lot].append(moment)
    return sum(
        (
            kg
            for lot, kg in left.items()
            if not accepted[lot] or any(one is None or one >= at for one in accepted[lot])
        ),
        NOTHING,
    )
