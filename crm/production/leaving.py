"""Pallets leave the store: one posting document that moves all of it to another account. One that
never came there, and is scrapped or converted, comes in before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crm.ledger.models import Account, Event
from crm.ledger.operations.post import Line, post
from crm.ledger.operations.reserve import Consume
from crm.people.models import Person
from crm.production.models import Pallet
from crm.production.operations.accept_pallet import items_of, take_in
from crm.production.operations.take_unweighed import believe
from crm.production.stocked import stocked

SOURCE = "pallet"


def move_out(
    by: Person | None,
    pallet: Pallet,
    kind: str,
    to: Account,
    *,
    at: datetime,
    reason: str = "",
    consume: Sequence[Consume] = (),
) -> Event:
    """Post everything of a pallet from its store to an account."""
    lines = []
    for lot, account, kg in stocked(pallet):
        lines += [Line(lot, account, -kg), Line(lot, to, kg)]
    return post(
        kind,
        lines,
        by=by,
        session=None,
        source=SOURCE,
        key=f"{kind}:{pallet.pk}:{_events(pallet, kind)}",
        occurred_at=at,
        reason=reason,
        consume=consume,
    )


def bring_in(by: Person, pallet: Pallet, at: datetime) -> None:
    """Take a pallet that is not on stock in, so that its kilograms leave process: as weighed or,
    not weighed, as expected; whatever holds it. Raises Refused when it is neither."""
    if pallet.state == Pallet.State.IN_STOCK:
        return
    if not pallet.net and pallet.net_expected:
        believe(by, at=at, pallet=pallet, net=pallet.net_expected)
    take_in(by, at=at, pallet=pallet, items=items_of(pallet))


def moved_out(pallet: Pallet, kind: str) -> Event | None:
    """Return the event of a kind by which a pallet left, and that is not reversed."""
    rows = Event.objects.filter(source=SOURCE, key__startswith=f"{kind}:{pallet.pk}:")
    return rows.filter(reversed_by__isnull=True).first()


def _events(pallet: Pallet, kind: str) -> int:
    return Event.objects.filter(source=SOURCE, key__startswith=f"{kind}:{pallet.pk}:").count()
