"""Pallets leave the store: one posting document that moves all of it to another account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crm.ledger.models import Account, Event
from crm.ledger.operations.post import Consume, Line, post
from crm.people.models import Person
from crm.production.models import Pallet
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


def moved_out(pallet: Pallet, kind: str) -> Event | None:
    """Return the event of a kind by which a pallet left, and that is not reversed."""
    rows = Event.objects.filter(source=SOURCE, key__startswith=f"{kind}:{pallet.pk}:")
    return rows.filter(reversed_by__isnull=True).first()


def _events(pallet: Pallet, kind: str) -> int:
    return Event.objects.filter(source=SOURCE, key__startswith=f"{kind}:{pallet.pk}:").count()
