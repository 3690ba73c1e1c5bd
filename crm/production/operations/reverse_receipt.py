"""Take an accepted delivery off the raw store again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.by_key import reread
from crm.documents.operations.void import void_documents
from crm.ledger.models import Account, Balance, Event
from crm.ledger.operations.reverse import reverse
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.receive_into_stock import receipt_key
from engine.errors import Refusal, Refused


@transaction.atomic
def reverse_receipt(by: Person | None, *, batch: RawBatch, reason: str, at: datetime) -> Event:
    """Reverse the receipt of a batch and void its documents. The number stays taken for ever.

    Raises Refused when anything of the batch is used or reserved. Done twice it returns the first
    reversal."""
    receipt = Event.objects.filter(source="raw_batch", key=receipt_key(batch)).first()
    if receipt is None:
        raise Refused(Refusal("Партия не стоит на учёте"))
    done = Event.objects.filter(reverses=receipt).first()
    if done:
        return done
    balance = (
        Balance.objects.select_for_update()
        .filter(lot_id=batch.lot_id, account=Account.RAW_STORE)
        .first()
    )
    if balance is None or balance.reserved or balance.physical != batch.weight_received:
        raise Refused(
            Refusal("Приёмку нельзя отменить: сырьё партии уже использовано или в резерве")
        )
    event = reverse(receipt, by=by, reason=reason, occurred_at=at)
    reread(batch.lot)
    void_documents(lot_id=batch.lot_id)
    return event


OPERATION = Operation({"batch": "raw_batch", "reason": "text"}, reverse_receipt)
