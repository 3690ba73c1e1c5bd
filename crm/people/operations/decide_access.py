"""Answer a stranger's request: bind his chat to a person, or decline."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.people.models import AccessRequest, Person
from crm.people.operations.bind import tie
from engine.errors import Refusal, Refused


@transaction.atomic
def decide_access(
    by: Person | None, *, request: AccessRequest, person: Person | None, at: datetime
) -> AccessRequest:
    """Bind the chat of an open request to `person`, or decline it when there is none. The first
    answer wins."""
    locked = AccessRequest.objects.select_for_update().get(pk=request.pk)
    if locked.decision:
        raise Refused(
            Refusal("Запрос уже решён: {what}", {"what": locked.get_decision_display().lower()})
        )
    if person is not None:
        if not person.active:
            raise Refused(Refusal("Человек не работает: доступ не даётся"))
        if person.telegram_id:
            raise Refused(Refusal("У человека уже есть чат. Сначала отвяжите его"))
        tie(person, locked.telegram_id, at)
    locked.decision = AccessRequest.Decision.BOUND if person else AccessRequest.Decision.DECLINED
    locked.decided_at, locked.decided_by, locked.person = at, by, person
    locked.save(update_fields=["decision", "decided_at", "decided_by", "person"])
    return locked
