"""Keep a delivery that was refused: its answers and photos, no number, no stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Unpack, cast
from uuid import UUID

from crm.fact import Line
from crm.ledger.operations.move_state import move_state
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.take_delivery import (
    TYPES,
    Answers,
    Documents,
    Files,
    answers_of,
    documents_of,
    files_of,
    keep_documents,
    keep_evidence,
    once,
    write_batch,
)
from engine.model.conversation import Answer
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


def _run(by: Person, *, session: UUID, at: datetime, answers: Mapping[str, Answer]) -> RawBatch:
    values = {name: answer.value for name, answer in answers.items()}
    return refuse_delivery(
        by,
        session=session,
        at=at,
        files=files_of(values),
        measurements=[
            Measured(name, answer.value, answer.bounds, answer.deviation, answer.approved)
            for name, answer in answers.items()
            if answer.bounds is not None
        ],
        expected=cast("RawBatch | None", values.get("expected")),
        documents=documents_of(cast("tuple[Line, ...] | None", values.get("vet.chosen"))),
        **answers_of(values),
    )


OPERATION = Operation(
    {"answers": "answers"},
    _run,
    "raw_batch",
    answers={**TYPES, "expected": "raw_batch?", "vet.chosen": "list of vet_document"},
)
