"""Take what is left of a rejected raw batch off the raw store (domain 7.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Account, Balance
from crm.ledger.operations.post import Line, post
from crm.people.models import Person
from crm.production.models import Mix, RawBatch
from crm.production.models.mix import ON_LINE
from crm.production.shares import share_of
from engine.errors import Refusal, Refused
from engine.languages.message import Message


@transaction.atomic
def take_off_store(
    by: Person | None, *, kind: str, batch: RawBatch, to: Account, reason: str, at: datetime
) -> None:
    """Post all that is left of a batch from the raw store to another account; nothing left posts
    nothing. `kind` names the event, once a batch.

    Raises Refused when something of it is reserved, or stands on a line in a mix, whose write-off
    is still to come."""
    row = Balance.objects.select_for_update().filter(lot=batch.lot_id, account=Account.RAW_STORE)
    balance = row.first()
    if balance is None or not balance.physical:
        return
    if balance.reserved:
        raise Refused(Refusal("Часть партии ещё в резерве. Сначала снимите резерв"))
    mixes = _mixes_of(batch)
    if mixes:
        text = Message(
            "Часть партии на линии: {mixes}. Выгрузите эти замесы из миксера или выдайте их заново"
        )
        raise Refused(Refusal(text, {"mixes": ", ".join(mixes)}))
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


def _mixes_of(batch: RawBatch) -> list[str]:
    """Return the mixes on the lines that will take something of a batch when they leave the mixer:
    what they take is there already, though nobody keeps it once the batch was rejected."""
    rows = Mix.objects.filter(order__items__lot=batch.lot_id, state__in=ON_LINE)
    found = rows.select_related("order").order_by("pk")
    return [
        str(mix) for mix in found if any(item.lot_id == batch.lot_id for item, _ in share_of(mix))
    ]
