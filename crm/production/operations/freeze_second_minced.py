"""Put МКО2 or МКО3 on a pallet into a shocker (domain 4.34)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from crm.catalogue.models import Freezer
from crm.ledger.operations.move_state import move_state
from crm.operation import Operation
from crm.people.models import Person
from crm.production.boxes import box_net
from crm.production.models import MincedOrder, Pallet, SecondMinced
from crm.production.operations.load_freezer import load_freezer
from crm.production.operations.make_pallet import make_pallet
from crm.production.operations.register_second_minced import register_second_minced
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number


@transaction.atomic
def freeze_second_minced(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    kind: str,
    pallet_number: int,
    pallet_weight: Decimal,
    box_count: int,
    gross: Decimal,
    net: Decimal,
    order: MincedOrder | None,
    line: str | None,
    freezer: Freezer,
) -> Pallet:
    """Register the lot of a session, put it on a pallet and load the pallet; the transitions of
    pallet and load follow. Done twice it returns the first pallet.

    Raises Refused for a taken number, a full shocker, and a net that is not what the weights say
    (domain Q3)."""
    done = Pallet.objects.filter(items__lot__second_minced__session=session).first()
    if done:
        return done
    there = box_net(gross, box_count, pallet_weight)
    if there <= 0 or there != net:
        text = Message("Вес нетто получается {net} кг")
        raise Refused(Refusal(text, {"net": show_number(there, 3)}, again="gross"))
    second = register_second_minced(
        by,
        session=session,
        at=at,
        kind=SecondMinced.Kind(kind),
        net=net,
        produced_on=timezone.localtime(at).date(),
        key=f"frozen:{session}",
        order=order,
        line_mode=line,
        gross=gross,
    )
    pallet = make_pallet(
        by, number=pallet_number, kind=Pallet.Kind.SECOND, lots=[second.lot], at=at,
        pallet_weight=pallet_weight, gross=gross, box_count=box_count, net_expected=net,
    )  # fmt: skip
    pallet.items.update(kg=net)
    move_state(
        second, "put_on_pallet", sources=[SecondMinced.State.NEW],
        to=SecondMinced.State.ON_PALLET, by=by, at=at,
    )  # fmt: skip
    load_freezer(by, freezer=freezer, at=at, pallet=pallet)
    return pallet


OPERATION = Operation(
    {
        "kind": "choice(mko2, mko3)",
        "pallet_number": "integer",
        "pallet_weight": "number kg",
        "box_count": "integer",
        "gross": "number kg",
        "net": "number kg",
        "order": "minced_order?",
        "line": "choice(line_1, line_2, both)?",
        "freezer": "freezer",
    },
    freeze_second_minced,
    "pallet",
)
