"""Ask for help (domain 4.38)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.fact import Line
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Stop
from crm.production.operations.stop_station import stop
from crm.production.stops import station_held_by
from crm.work.models import HelpRequest, Task
from crm.work.operations.attach import attach
from engine.errors import Refusal, Refused
from engine.model.files import FileRef

LONGEST = 500  # characters of what happened
LONGEST_REASON = 300
PHOTO = "problem"


@transaction.atomic
def ask_help(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    topic: str,
    station: Line | None = None,
    text: str | None = None,
    photo: Sequence[FileRef] | None = None,
    task: Task | None = None,
) -> HelpRequest:
    """Keep a request in state `new`, with the task it was asked from, what that task is about and
    where that stands; its photos are found by its session. A `station` is stopped at once; one that
    stands already keeps no call for help from being heard. Done twice with one session it is one
    request.

    Raises Refused when «Другое» says nothing."""
    there = HelpRequest.objects.filter(session=session).first()
    if there is not None:
        return there
    said = (text or "").strip()
    if topic == HelpRequest.Topic.OTHER and not said:
        raise Refused(Refusal("Опишите, что случилось: от 3 до 500 знаков", again="text"))
    held = station_held_by(task.subject, task.subject_id) if task else ""
    request = HelpRequest.objects.create(
        author=by,
        topic=topic,
        text=said[:LONGEST],
        task=task,
        subject=task.subject if task else "",
        subject_id=task.subject_id if task else "",
        station=str(station["code"]) if station else held,
        session=session,
        created_at=at,
    )
    attach(by, lot_id=None, files={PHOTO: photo or ()}, session=session, at=at)
    stands = Stop.objects.standing().filter(resource=request.station).exists()
    if station and not stands:
        _stop(by, request, session=session, at=at)
    return request


def _stop(by: Person, request: HelpRequest, *, session: UUID, at: datetime) -> None:
    why = f"{request.topic_title}: {request.text}" if request.text else request.topic_title
    stop(by, resource=request.station, reason=why[:LONGEST_REASON], session=session, at=at)


OPERATION = Operation(
    {
        "topic": "choice(no_raw, breakdown, unclear, danger, other)",
        "station": "station?",
        "text": "text?",
        "photo": "files?",
        "task": "task?",
    },
    ask_help,
    "help_request",
)
