"""Put registered lots on a pallet that nobody knew of (domain 4.37)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Unpack
from uuid import UUID

from django.db import transaction

from crm.ledger.models import Account
from crm.ledger.operations.lock import lock_lots
from crm.ledger.operations.move_state import move_state
from crm.ledger.operations.post import Line, post
from crm.operation import Operation
from crm.people.models import Person
from crm.production.by_hand import GOODS, registered
from crm.production.models import Pallet, PalletItem, SecondMinced
from crm.production.operations.make_pallet import make_pallet
from crm.production.operations.weigh_pallet import (
    WEIGHTS,
    Weights,
    net_of,
    refuse_net,
    weigh_pallet,
)
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number

OVER_KIND = "weighed_over"
OVER = Decimal("1.05")  # a net above what is registered by more is refused
ROWS = tuple[SecondMinced, Decimal]


@transaction.atomic
def accept_from_remainder(
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
    """Make a weighed pallet of the oldest registered lots for its net; they go on it, and a lot of
    which something is left stays registered. A net that is up to 5 % above what is registered takes
    the difference from process.

    `net` is what the worker saw. Raises Refused for a taken number, a net that is not positive, and
    one above the remainder."""
    del produced_on  # the lots have their own
    refuse_net(net, net_of(weights))
    lock_lots(second.lot_id for second, _ in registered(kind))
    lots = registered(kind)  # as it is now that nobody else puts it on a pallet
    there = sum((kg for _, kg in lots), Decimal(0))
    if not lots or net > there * OVER:
        text = Message("На остатке {kg} кг, столько нет")
        raise Refused(Refusal(text, {"kg": show_number(there, 3)}, again="gross"))
    pallet = make_pallet(by, number=pallet_number, kind=Pallet.Kind.SECOND, lots=[], at=at)
    _top_up(by, lots[-1][0], net - there, session, at)
    left = net
    for second, free in lots:
        taken = left if second is lots[-1][0] else min(left, free)
        if taken <= 0:
            break
        PalletItem.objects.create(pallet=pallet, lot=second.lot, kg=taken)
        left -= taken
        if taken >= free:
            move_state(
                second, "put_on_pallet", sources=[SecondMinced.State.REGISTERED],
                to=SecondMinced.State.ON_PALLET, by=by, at=at,
            )  # fmt: skip
    weigh_pallet(by, session=session, at=at, pallet=pallet, **weights)
    return pallet


def _top_up(by: Person, second: SecondMinced, over: Decimal, session: UUID, at: datetime) -> None:
    """Post what is weighed above the remainder: it came from process."""
    if over <= 0:
        return
    rework = second.kind == SecondMinced.Kind.REWORK
    store = Account.REWORK_STORE if rework else Account.MKO_STORE
    post(
        OVER_KIND,
        [Line(second.lot, Account.PROCESS, -over), Line(second.lot, store, over)],
        by=by,
        session=session,
        source="second_minced",
        key=f"{OVER_KIND}:{session}",
        occurred_at=at,
    )


OPERATION = Operation(
    {
        "kind": GOODS,
        "produced_on": "date",
        "pallet_number": "integer",
        **WEIGHTS,
        "net": "number kg",
    },
    accept_from_remainder,
    "pallet",
)
