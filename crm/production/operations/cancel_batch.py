"""The office's command «Отменить приёмку»."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.operations.move_state import move_state
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.reverse_receipt import reverse_receipt
from engine.errors import Refusal, Refused


@transaction.atomic
def cancel_batch(by: Person | None, *, batch: RawBatch, reason: str, at: datetime) -> RawBatch:
    """Cancel a received batch that nothing used: state `cancelled`, receipt reversed, documents
    void.

    Raises Refused without 5 to 500 characters of reason, in another state, or when something is
    used."""
    reason = reason.strip()
    if not 5 <= len(reason) <= 500:
        raise Refused(Refusal("Укажите причину: от 5 до 500 знаков"))
    if batch.state != RawBatch.State.RECEIVED:
        raise Refused(
            Refusal(
                "Отменить можно только принятую партию, эта: {state}",
                {"state": batch.get_state_display().lower()},
            )
        )
    reverse_receipt(by, batch=batch, reason=reason, at=at)
    move_state(
        batch,
        "cancel",
        sources=[RawBatch.State.RECEIVED],
        to=RawBatch.State.CANCELLED,
        by=by,
        at=at,
        reason=reason,
    )
    return batch
