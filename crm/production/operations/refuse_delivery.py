"""Keep a delivery that was refused: its answers and photos, no number, no stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack
from uuid import UUID

from django.db import transaction

from crm.ledger.operations.move_state import move_state
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.take_delivery import Answers, Files, write_batch
from crm.quality.models import Deviation
from crm.quality.operations.measure import measure
from crm.work.operations.attach import attach
from engine.model.effects import Measured


@transaction.atomic
def refuse_delivery(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    reason: str = "",
    files: Files | None = None,
    measurements: Sequence[Measured] = (),
    **answers: Unpack[Answers],
) -> RawBatch:
    """Save what was answered so far as a raw batch in state `refused`; any answer may be absent.

    Done twice with one session it returns the first batch. `by` is the receiver."""
    done = RawBatch.objects.filter(session=session).first()
    if done:
        return done
    batch = write_batch(by, session, at, answers)
    attach(by, raw_batch_id=batch.pk, files=files or {}, session=session, at=at)
    measure(by, raw_batch_id=batch.pk, measured=measurements, at=at)
    Deviation.objects.filter(session=session).update(raw_batch=batch)
    move_state(
        batch,
        "refuse",
        sources=[RawBatch.State.NEW, RawBatch.State.EXPECTED],
        to=RawBatch.State.REFUSED,
        by=None,
        at=at,
        reason=reason,
    )
    return batch
