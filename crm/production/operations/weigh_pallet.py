"""Keep what a pallet weighs, with its photos (domain 4.36)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from crm.audit.operations.overwrite import Why, overwrite
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix, Pallet
from crm.production.rework import best_before, limits_in_force
from crm.quality.usable import Use, refuse_blocked
from crm.titles import state_said
from crm.work.operations.attach import attach
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.files import FileRef
from engine.model.values import show_number

WEIGHABLE = (
    Pallet.State.PALLETIZING,
    Pallet.State.UNLOADED,
    Pallet.State.OPEN,
    Pallet.State.NEW,
)
MEASURED: tuple[Literal["block_count", "gross", "pallet_weight", "packaging_weight"], ...] = (
    "block_count",
    "gross",
    "pallet_weight",
    "packaging_weight",
)
WEIGHTS = {
    "block_count": "integer",
    "gross": "number kg",
    "pallet_weight": "number kg",
    "packaging_weight": "number kg",
    "photos": "files",
}


class Weights(TypedDict):
    """What a storekeeper weighs: kilograms, pieces, stored photos."""

    block_count: int
    gross: Decimal
    pallet_weight: Decimal
    packaging_weight: Decimal
    photos: Sequence[FileRef]


def net_of(weights: Weights) -> Decimal:
    """Return the net kilograms (domain Q4)."""
    return weights["gross"] - weights["pallet_weight"] - weights["packaging_weight"]


@transaction.atomic
def weigh_pallet(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    pallet: Pallet,
    **weights: Unpack[Weights],
) -> None:
    """Write the weights of a pallet, its net (domain Q4) and its best before by the limit in force
    (L7); keep the photos. What was believed of it before is weighed now.

    Raises Refused in another state, for a net that is not positive, and when a hold forbids
    palletizing (domain 5.12)."""
    if pallet.state not in WEIGHABLE:
        text = Message("Паллет {number} принять нельзя: {state}")
        state = state_said(pallet)
        raise Refused(Refusal(text, {"number": str(pallet), "state": state}))
    items = pallet.items.values_list("lot_id", flat=True)
    refuse_blocked([pallet.lot_id, *items], Use.FREEZING)
    net = net_of(weights)
    refuse_net(net, net)
    values: dict[str, object] = {
        **{name: weights[name] for name in MEASURED},
        "net": net,
        "unweighed": False,
        "best_before": best_before(produced_on(pallet), limits_in_force()),
    }
    overwrite(pallet, values, Why(by, at))
    attach(
        by, lot_id=pallet.lot_id, files={"palletizing": weights["photos"]}, session=session, at=at
    )


def refuse_net(shown: Decimal, net: Decimal) -> None:
    """Refuse a net that is not positive, or not the one that the worker saw (domain Q4)."""
    if net <= 0 or shown != net:
        text = Message("Вес нетто получается {net} кг")
        raise Refused(Refusal(text, {"net": show_number(net, 3)}, again="gross"))


def produced_on(pallet: Pallet) -> date:
    """Return the day of production of what is on a pallet: of its oldest mix or lot."""
    days = [
        timezone.localtime(record.produced_at).date()
        if isinstance(record, Mix) and record.produced_at
        else getattr(record, "produced_on", pallet.production_day)
        for record in (item.lot.record for item in pallet.items.select_related("lot"))
    ]
    return min(days, default=pallet.production_day)


OPERATION = Operation({"pallet": "pallet", **WEIGHTS}, weigh_pallet)
