"""Keep a delivery that was refused: its answers and photos, no number, no stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack
from uuid import UUID

from crm.ledger.operations.move_state import move_state
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.take_delivery import (
    Answers,
    Documents,
    Files,
    keep_documents,
    keep_evidence,
    once,
    write_batch,
)
from engine.model.effects import Measured


def refuse_delivery(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    reason: str = "",
    files: Files | None = None,
    measurements: Sequence[Measured] = (),
    expected: RawBatch | None = None,
    documents: Documents = (),
    **answers: Unpack[Answers],
) -> RawBatch:
    """Save what was answered so far as a raw batch in state `refused`; any answer may be absent.

    Done twice with one session it returns the first batch. `by` is the receiver."""

    def save() -> RawBatch:
        batch = write_batch(by, session, at, answers, expected)
        keep_evidence(by, batch, files or {}, measurements)
        keep_documents(batch, documents)
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

    return once(session, save)
