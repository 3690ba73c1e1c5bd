"""Load a pallet into a shocker with its weights (domain 4.32)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.catalogue.models import Freezer
from crm.operation import Operation
from crm.people.models import Person
from crm.production.boxes import box_net
from crm.production.models import FreezerLoad, Pallet
from crm.production.models.freezing import HOLDS_A_SLOT
from crm.production.operations.load_freezer import load_freezer, stands_already
from crm.titles import state_said
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number


@transaction.atomic
def load_shocker(
    by: Person,
    *,
    at: datetime,
    pallet: Pallet,
    freezer: Freezer,
    pallet_weight: Decimal,
    gross: Decimal,
    box_count: int,
    net: Decimal,
) -> FreezerLoad:
    """Make the load of an open pallet and keep what it weighs; `net` is what the worker saw.

    Raises Refused for a pallet in another state, for a net that is not positive or not what the
    weights say (domain Q3), and when there is no place; one that stands in a shocker already says
    where, and who was first."""
    if pallet.state != Pallet.State.OPEN:
        load = pallet.loads.filter(state__in=HOLDS_A_SLOT).select_related("freezer").first()
        if load is not None:
            raise Refused(stands_already(load))
        text = Message("Паллет {number} не ждёт заморозки: {state}")
        state = state_said(pallet)
        raise Refused(Refusal(text, {"number": str(pallet), "state": state}, again="pallet"))
    if freezer.kind != Freezer.Kind.SHOCK:
        raise Refused(Refusal("Это не шокер. Выберите другой", again="freezer"))
    there = box_net(gross, box_count, pallet_weight)
    if there <= 0 or there != net:
        text = Message("Вес нетто получается {net} кг")
        raise Refused(Refusal(text, {"net": show_number(there, 3)}, again="pallet_weight"))
    pallet.pallet_weight, pallet.gross, pallet.box_count = pallet_weight, gross, box_count
    pallet.net_expected = there
    pallet.closed = True
    pallet.save(update_fields=["pallet_weight", "gross", "box_count", "net_expected", "closed"])
    return load_freezer(by, freezer=freezer, at=at, pallet=pallet)


OPERATION = Operation(
    {
        "pallet": "pallet",
        "freezer": "freezer",
        "pallet_weight": "number kg",
        "gross": "number kg",
        "box_count": "integer",
        "net": "number kg",
    },
    load_shocker,
    "freezer_load",
)
