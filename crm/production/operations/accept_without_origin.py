"""Make a record for goods of which nobody knows the origin (domain 4.37)."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from crm.ledger.models import Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.move_state import move_state
from crm.ledger.operations.number import next_number
from crm.operation import Operation
from crm.own_words import NO_ORIGIN
from crm.people.models import Person
from crm.production.by_hand import GOODS, KINDS
from crm.production.models import Mix, Pallet, PalletItem, SecondMinced
from crm.production.operations.make_pallet import make_pallet
from crm.production.operations.register_second_minced import register_second_minced
from crm.production.operations.weigh_pallet import (
    WEIGHTS,
    Weights,
    net_of,
    refuse_net,
    weigh_pallet,
)
from crm.quality.models import HoldKind
from crm.quality.operations.place_hold import place_hold

MIDDAY = time(12)


@transaction.atomic
def accept_without_origin(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    kind: str,
    produced_on: date,
    pallet_number: int,
    net: Decimal,
    **weights: Unpack[Weights],
) -> Pallet:
    """Make a weighed pallet with what is on it: a mix without an order, or a second-minced lot with
    its net as stock; both held `no_origin`. The transitions of the pallet and of the mix follow.

    `net` is what the worker saw. Raises Refused for a taken number, a net that is not positive."""
    refuse_net(net, net_of(weights))
    if kind == "pet_food":
        lot = _mix(produced_on, at).lot
        pallet = make_pallet(
            by, number=pallet_number, kind=Pallet.Kind.MIX, lots=[], at=at, product_line="mko"
        )
        PalletItem.objects.create(pallet=pallet, lot=lot, kg=net)
    else:
        second = _second(by, kind, net, produced_on, session, at)
        pallet = make_pallet(by, number=pallet_number, kind=Pallet.Kind.SECOND, lots=[], at=at)
        PalletItem.objects.create(pallet=pallet, lot=second.lot, kg=net)
    weigh_pallet(by, session=session, at=at, pallet=pallet, **weights)
    return pallet


def _mix(produced_on: date, at: datetime) -> Mix:
    """Make a mix without an order, ДДММ/N/Пет-фуд, that has left the mixer."""
    number = next_number("mix_by_hand", produced_on.isoformat())
    mix = Mix.objects.create(
        lot=Lot.objects.create(kind=Lot.Kind.MIX),
        number=f"{produced_on:%d%m}/{number}/Пет-фуд",
        year=produced_on.year,
        produced_at=timezone.make_aware(datetime.combine(produced_on, MIDDAY)),
        created_at=at,
    )
    bear(mix.lot)
    return mix


def _second(
    by: Person, kind: str, net: Decimal, produced_on: date, session: UUID, at: datetime
) -> SecondMinced:
    second = register_second_minced(
        by,
        session=session,
        at=at,
        kind=KINDS[kind],
        net=net,
        produced_on=produced_on,
        key=f"by_hand:{session}",
        for_sale=kind == "mko_sale",
        known_origin=False,
    )
    move_state(
        second, "put_on_pallet", sources=[SecondMinced.State.NEW],
        to=SecondMinced.State.ON_PALLET, by=by, at=at,
    )  # fmt: skip
    place_hold(by, lot=second.lot, kind=HoldKind.NO_ORIGIN, reason=NO_ORIGIN, at=at)
    return second


OPERATION = Operation(
    {
        "kind": GOODS,
        "produced_on": "date",
        "pallet_number": "integer",
        **WEIGHTS,
        "net": "number kg",
    },
    accept_without_origin,
    "pallet",
)
