"""Keep that an analysis was outside its limits, and what was decided of it: the deviation that no
form asks about, because the record itself waits for the decision (domain 4.8, 4.22, 4.24, 5.9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from crm.ledger.models import Lot
from crm.ledger.operations.move_state import move_state, write_history
from crm.ledger.operations.number import next_number
from crm.people.models import Person
from crm.quality.models import Deviation
from engine.languages.packed import pack
from engine.model.conversation import Bounds

NO_VERSION = 0  # the limits stand in the snapshot of the attempt


@transaction.atomic
def note_deviation(
    by: Person | None, *, lot: Lot | None, kind: str, label: str, value: str, session: UUID,
    at: datetime, **more: Any,
) -> Deviation:  # fmt: skip
    """Keep one deviation of a lot, or of a place, with its number ОТК-ГГГГ-N; `value` says what was
    found, `by` is None when the clock found it. `more` are columns of the limit that was broken."""
    year = timezone.localtime(at).year
    deviation = Deviation.objects.create(
        pk=uuid4(),
        number=f"ОТК-{year}-{next_number('deviation', str(year))}",
        kind=kind,
        session=session,
        chat_id=(by.telegram_id or 0) if by else 0,
        asked_by=by,
        asked_at=at,
        label=label[:200],
        value_text=value[:200],
        card=[{"text": pack(value), "style": ""}],
        lot=lot,
        **{"limit_version": NO_VERSION, **more},
    )
    write_history(deviation, "", Deviation.State.OPEN, "request", by=by, at=at)
    return deviation


def of_limit(bounds: Bounds) -> dict[str, Any]:
    """Return the columns of a deviation that keep the limit as it was."""
    return {
        "limit": bounds.name,
        "limit_version": bounds.version,
        "limit_source": bounds.source,
        "unit": bounds.unit,
        "least": bounds.least,
        "most": bounds.most,
    }


DECISIONS = "choice(approved, rejected, withdrawn)"
VERBS: Mapping[str, str] = {
    Deviation.State.APPROVED: "approve",
    Deviation.State.REJECTED: "reject",
    Deviation.State.WITHDRAWN: "withdraw",
}


@transaction.atomic
def close_deviations(
    by: Person | None, *, lot: Lot, kinds: tuple[str, ...], state: str, reason: str, at: datetime
) -> int:
    """Close the open deviations of a lot that its record waited with; return how many. A further
    analysis withdraws, and so does the system."""
    waiting = Deviation.objects.of_records().select_for_update()
    rows = list(waiting.filter(lot=lot, kind__in=kinds, state=Deviation.State.OPEN).order_by("pk"))
    for deviation in rows:
        close_deviation(by, deviation, state=state, reason=reason, at=at)
    return len(rows)


def close_deviation(
    by: Person | None, deviation: Deviation, *, state: str, reason: str, at: datetime
) -> None:
    """Close one open deviation that a record waited with. Raises Refused when it is closed."""
    move_state(
        deviation,
        VERBS[state],
        sources=[Deviation.State.OPEN],
        to=state,
        by=by,
        at=at,
        reason=reason[:500],
        values={"decided_by": by, "decided_at": at, "comment": reason[:500]},
    )
