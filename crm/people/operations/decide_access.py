"""Answer a stranger's request: bind his chat to a person, or decline (domain 4.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.audit.operations.overwrite import Why
from crm.operation import Operation
from crm.people.models import AccessRequest, Person
from crm.people.operations.bind import tie
from crm.people.operations.invite import revoke
from crm.titles import state_said
from engine.errors import Refusal, Refused


@transaction.atomic
def decide_access(
    by: Person | None, *, at: datetime, request: AccessRequest, person: Person | None = None
) -> AccessRequest:
    """Bind the chat of an open request to `person`, or keep who declined it when there is none;
    the transition after it ends the request. Raises Refused: the first answer wins."""
    locked = AccessRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != AccessRequest.State.OPEN:
        raise Refused(Refusal("Запрос уже решён: {what}", {"what": state_said(locked)}))
    if person is not None:
        revoke(person, at)  # whoever has a code would take the account to his own chat
        person = Person.objects.select_for_update().get(pk=person.pk)
        if not person.active:
            raise Refused(Refusal("Человек не работает: доступ не даётся", again="person"))
        if person.telegram_id:
            raise Refused(Refusal("У человека уже есть чат. Сначала отвяжите его", again="person"))
        tie(person, locked.telegram_id, Why(by, at))
    locked.decided_by, locked.person = by, person
    locked.save(update_fields=["decided_by", "person"])
    return locked


OPERATION = Operation(
    {"request": "access_request", "person": "person?"}, decide_access, "access_request"
)
