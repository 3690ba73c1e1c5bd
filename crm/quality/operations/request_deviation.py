"""Ask a role to decide on a value outside its limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from crm.ledger.operations.move_state import write_history
from crm.ledger.operations.number import next_number
from crm.people.models import Person
from crm.quality.models import Deviation
from crm.quality.operations.measure import as_decimal
from crm.spans import to_json
from crm.work.models import Timer
from crm.work.operations.task import open_task
from engine.languages.message import Message
from engine.languages.packed import pack
from engine.model.effects import Request
from engine.model.values import show
from engine.model.work import DECISION


@transaction.atomic
def request_deviation(by: Person, *, request: Request, chat_id: int, at: datetime) -> Deviation:
    """Keep a request with its number ОТК-ГГГГ-N, its task and its three timers; the same id keeps
    once.

    Timers: level 1 at `warn_s`, level 2 at `breach_s`, level 3 at twice the breach, in seconds
    after `at`."""
    known = Deviation.objects.filter(pk=UUID(request.id)).first()
    if known:
        return known
    deviation = _write(by, request, chat_id, at)
    write_history(deviation, "", Deviation.State.OPEN, "request", by=by, at=at)
    words = {"what": request.label, "value": deviation.value_text}
    title = Message("Решение: {what} {value}", words)
    open_task(
        kind=DECISION,
        title=title,
        body={"title": pack(title)},
        subject=Deviation.RECORD,
        subject_id=str(deviation.pk),
        role=request.roles[0] if request.roles else "",
        at=at,
        deviation=deviation,
        warn_at=deviation.warn_at,
        breach_at=deviation.breach_at,
    )
    Timer.objects.bulk_create(
        Timer(
            due_at=at + timedelta(seconds=seconds),
            kind=kind,
            subject=Deviation.RECORD,
            subject_id=str(deviation.pk),
            state_entry=Deviation.State.OPEN,
            level=level,
        )
        for level, kind, seconds in (
            (1, "warn", request.warn_s),
            (2, "breach", request.breach_s),
            (3, "twice", 2 * request.breach_s),
        )
    )
    return deviation


def _write(by: Person, request: Request, chat_id: int, at: datetime) -> Deviation:
    year = timezone.localtime(at).year
    bounds = request.bounds
    unit = f" {bounds.unit}" if bounds.unit else ""
    return Deviation.objects.create(
        pk=UUID(request.id),
        number=f"ОТК-{year}-{next_number('deviation', str(year))}",
        kind=request.kind,
        session=request.session.id,
        flow=request.session.flow,
        step=request.step,
        chat_id=chat_id,
        asked_by=by,
        asked_at=at,
        label=request.label,
        value_text=f"{show(request.value)}{unit}",
        value=as_decimal(request.value),
        least=as_decimal(bounds.least),
        most=as_decimal(bounds.most),
        unit=bounds.unit,
        limit=bounds.name,
        limit_version=bounds.version,
        limit_source=bounds.source,
        roles=list(request.roles),
        card=to_json(request.card),
        pictures=list(request.pictures),
        warn_at=at + timedelta(seconds=request.warn_s),
        breach_at=at + timedelta(seconds=request.breach_s),
    )
