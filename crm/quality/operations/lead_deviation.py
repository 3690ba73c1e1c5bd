"""Lead the deviation of a check of the plan the way of its check: decided, corrected, verified by a
second person, or sent back (domain 5.9, 14.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crm.ledger.operations.move_state import move_state
from crm.operation import Operation
from crm.people.models import Person
from crm.quality.models import Check, Deviation
from engine.errors import EngineError

State = Deviation.State
STEPS: Mapping[str, tuple[State, State]] = {
    "decide": (State.OPEN, State.CORRECTING),
    "correct": (State.CORRECTING, State.VERIFYING),
    "send_back": (State.VERIFYING, State.CORRECTING),
    "verify": (State.VERIFYING, State.CLOSED),
}


def lead_deviation(
    by: Person, *, at: datetime, check: Check, step: str, reason: str | None = None
) -> None:
    """Move it one step, with who did it and why in its history; of a decision that is kept on the
    deviation, too. Raises EngineError for a check without one."""
    if check.deviation is None:
        raise EngineError(f"check {check.pk} has no deviation")
    source, to = STEPS[step]
    why = (reason or "")[:500]
    decided = {"decided_by": by, "decided_at": at, "comment": why} if source is State.OPEN else {}
    move_state(
        check.deviation, step, sources=[source], to=to, by=by, at=at, reason=why, values=decided
    )


OPERATION = Operation(
    {"check": "check", "step": f"choice({', '.join(STEPS)})", "reason": "text?"}, lead_deviation
)
