"""Start a station again (domain 6.6); what waits for it goes on by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.fact import Line
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Stop
from engine.errors import Refusal, Refused


@transaction.atomic
def start_station(by: Person, *, session: UUID, at: datetime, station: Line) -> None:
    """End the stop of a station; the stop stays with its minutes. Done twice with one session it
    changes nothing. Raises Refused when somebody has started it already."""
    if Stop.objects.filter(ended_session=session).exists():
        return
    code = str(station["code"])
    rows = Stop.objects.standing().filter(resource=code)
    if not rows.update(ended_at=at, ended_by=by, ended_session=session):
        last = Stop.objects.filter(resource=code).select_related("ended_by").first()
        values = {"station": str(station["title"]), "who": str(last.ended_by) if last else "—"}
        raise Refused(Refusal("{station} уже пущена: {who}", values, again="station"))


OPERATION = Operation({"station": "station"}, start_station)
