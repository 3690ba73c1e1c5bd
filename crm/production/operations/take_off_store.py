"""Take what is left of a rejected raw batch off the raw store (domain 7.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Account, Balance
from crm.ledger.operations.post import Line, post
from crm.people.models import Person
from crm.production.models import RawBatch
from engine.errors import Refusal, Refused


@transaction.atomic
def take_off_store(
    by: Person | None, *, kind: str, batch: RawBatch, to: Account, reason: str, at: datetime
) -> None:
    """Post all that is left of a batch from the raw store to another account; nothing left posts
    nothing. `kind` names the event, once a batch.

    Raises Refused when something of it is reserved."""
    row = Balance.objects.select_for_update().filter(lot=batch.lot_id, account=Account.RAW_STORE)
    balance = row.first()
    if balance is None or not balance.physical:
        return
    if balance.reserved:
        raise Refused(Refusal("Часть партии ещё в резерве. Сначала снимите резерв"))
    post(
        kind,
        [
            Line(batch.lot, Account.RAW_STORE, -balance.physical),
            Line(batch.lot, to, balance.physical),
        ],
        by=by,
        session=None,
        source="raw_batch",
        key=f"{kind}:{batch.session}",
        occurred_at=at,
        reason=reason,
    )
