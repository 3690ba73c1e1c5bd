"""Where mixes are: in which freezer they stand, on which pallets they lie."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Prefetch, QuerySet

from crm.production.models import FreezerLoad, Mix, PalletItem
from crm.production.models.freezing import HOLDS_A_SLOT

Q_ = TypeVar("Q_", bound=QuerySet[Any])


def with_places(mixes: Q_) -> Q_:
    """Read with mixes, in two more queries for all of them, what `places` shows."""
    loads = FreezerLoad.objects.filter(state__in=HOLDS_A_SLOT).select_related("freezer")
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
