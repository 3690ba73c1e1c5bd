"""Stop a station (domain 6.6): no new work enters it, what is inside stays."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from crm.fact import Line
from crm.operation import Operation
from crm.people.models import Person
from crm.production.capacity import stations, title_of
from crm.production.models import Stop
from engine.errors import Refusal, Refused
from engine.languages.message import Message

REASON = (3, 300)  # characters
STANDS = Message("{station} уже стоит: {reason}. Остановил(а) {who}")


@transaction.atomic
def stop(by: Person, *, resource: str, reason: str, session: UUID, at: datetime) -> Stop:
    """Keep that a station stands still from now on; done twice with one session it is one stop.
    Two who stop it at once are told apart by a constraint. Raises Refused when it stands already,
    naming who stopped it, and without a reason."""
    done = Stop.objects.filter(session=session).first()
    if done is not None:
        return done
    if not REASON[0] <= len(reason.strip()) <= REASON[1]:
        raise Refused(Refusal("Укажите причину: от 3 до 300 знаков", again="reason"))
    try:
        with transaction.atomic():
            return Stop.objects.create(
                resource=resource,
                title=title_of(resource),
                reason=reason.strip(),
                by=by,
                at=at,
                session=session,
            )
    except IntegrityError:
        there = Stop.objects.standing().select_related("by").get(resource=resource)
        values = {"station": there.title, "reason": there.reason, "who": str(there.by)}
        raise Refused(Refusal(STANDS, values, again="station")) from None


@transaction.atomic
def stop_station(by: Person, *, session: UUID, at: datetime, station: Line, reason: str) -> None:
    """Stop a station that the forms name. Raises Refused."""
    code = str(station["code"])
    if code not in stations():
        raise Refused(Refusal("Такой станции больше нет. Выберите другую", again="station"))
    stop(by, resource=code, reason=reason, session=session, at=at)


OPERATION = Operation({"station": "station", "reason": "text"}, stop_station)
