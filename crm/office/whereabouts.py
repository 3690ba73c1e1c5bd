"""Where things are: in which freezer a mix stands, on which pallets it lies, what each place of a
freezer holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from crm.catalogue.models import Freezer
from crm.office.card import Cell, Slots
from crm.office.links import link
from crm.office.tones import TONES
from crm.production.models import FreezerLoad, Mix, PalletItem
from crm.production.models.freezing import HOLDS_A_SLOT
from crm.written import written

Q_ = TypeVar("Q_", bound=QuerySet[Any])
STANDS = Q(state__in=written(HOLDS_A_SLOT))  # of a load


def with_places(mixes: Q_) -> Q_:
    """Read with mixes, in two more queries for all of them, what `places` shows."""
    loads = FreezerLoad.objects.filter(STANDS).select_related("freezer")
    items = PalletItem.objects.exclude(pallet__state="cancelled").select_related("pallet")
    return mixes.prefetch_related(
        Prefetch("loads", loads, to_attr="open_loads"),
        Prefetch("lot__pallet_items", items.order_by("id"), to_attr="on_pallets"),
    )


def places(mix: Mix) -> str:
    """Return the freezer and the pallets of a mix that was read `with_places`."""
    read: Any = mix
    freezers = [str(load.freezer) for load in read.open_loads]
    pallets = [f"№ {item.pallet}" for item in read.lot.on_pallets]
    return ", ".join([*freezers, *pallets])


def with_standing(freezers: QuerySet[Freezer]) -> QuerySet[Freezer]:
    """Read with freezers what stands in them, in one more query."""
    standing = FreezerLoad.objects.filter(STANDS).select_related("mix", "pallet")
    return freezers.prefetch_related(Prefetch("loads", standing, to_attr="standing"))


def slots(freezer: Freezer, standing: list[FreezerLoad]) -> Slots:
    """Show every place of a freezer: what stands in it and until when, or that it is free."""
    held = {load.slot: load for load in standing}
    places = range(1, freezer.capacity + 1)
    return Slots(str(freezer), [_slot(held.get(place)) for place in places])


def plates(freezers: Iterable[Any], href: str = "") -> list[Slots]:
    """Show the plate freezers of those that were read `with_standing`, each one place, as one map
    by their own numbers: one that is out of work leaves its number out. None without any."""
    found = [one for one in freezers if one.kind == Freezer.Kind.PLATE]
    items = [item for one in found for item in slots(one, one.standing).items]
    numbers = [one.number for one in found]
    return [Slots(gettext("Плиточники"), items, href, numbers)] if found else []


def _slot(load: FreezerLoad | None) -> Cell:
    if load is None:
        return Cell(gettext("свободно"))
    what = str(load.mix or gettext("паллет {number}").format(number=load.pallet))
    until = f", {timezone.localtime(load.due_at):%H:%M}" if load.due_at else ""
    return Cell(f"{what}{until}", link(load), TONES.get(load.state, ""))
