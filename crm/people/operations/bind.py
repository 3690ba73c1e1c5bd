"""Tie a chat to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.audit.operations.overwrite import Why, differing, keep
from crm.people.models import AccessRequest, Invitation, Person, RegistrationTry
from crm.people.operations.invite import code_hash
from engine.errors import Refusal, Refused

MOST_WRONG = 5
LOCK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Binding:
    """What came of a code: the person, or why not; `locked` when this try closed the chat (tell
    administrators)."""

    person: Person | None = None
    refusal: Refusal | None = None
    locked: bool = False


@transaction.atomic
def bind(by: Person | None, *, chat_id: int, code: str, at: datetime) -> Binding:
    """Bind a chat by an invitation code, and keep whose it is on its open request for access, which
    has no more to wait for. Five wrong codes close the chat for an hour; wrong tries are kept."""
    RegistrationTry.objects.get_or_create(pk=chat_id)
    tries = RegistrationTry.objects.select_for_update().get(pk=chat_id)
    # A clock that jumped and came back would have closed it for as long as it was away.
    if tries.locked_until and at < tries.locked_until <= at + LOCK:
        until = timezone.localtime(tries.locked_until).strftime("%H:%M")
        return Binding(
            refusal=Refusal(
                "Слишком много неверных кодов. Попробуйте после {until}", {"until": until}
            )
        )
    invitation = (
        Invitation.objects.select_for_update()
        .filter(
            code_hash=code_hash(code),
            used_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=at,
            person__active=True,
        )
        .first()
    )
    if invitation is None:
        return _wrong(tries, at)
    if Person.objects.filter(telegram_id=chat_id).exclude(pk=invitation.person_id).exists():
        return Binding(refusal=Refusal("Этот чат уже привязан к другому человеку"))
    invitation.used_at, invitation.used_by_chat = at, chat_id
    invitation.save(update_fields=["used_at", "used_by_chat"])
    tries.delete()
    AccessRequest.objects.filter(telegram_id=chat_id, state=AccessRequest.State.OPEN).update(
        person=invitation.person
    )
    return Binding(person=tie(invitation.person, chat_id, Why(invitation.person, at)))


def _wrong(tries: RegistrationTry, at: datetime) -> Binding:
    tries.wrong += 1
    locked = tries.wrong >= MOST_WRONG
    if locked:
        tries.wrong, tries.locked_until = 0, at + LOCK
    tries.save(update_fields=["wrong", "locked_until"])
    if locked:
        return Binding(
            refusal=Refusal("Слишком много неверных кодов. Чат закрыт на 1 час"), locked=True
        )
    return Binding(refusal=Refusal("Код не подходит. Проверьте его или запросите доступ"))


def tie(person: Person, chat: int, why: Why) -> Person:
    """Write the chat of a person. Raises Refused when it is another's."""
    other = Person.objects.filter(telegram_id=chat).exclude(pk=person.pk).first()
    if other:
        raise Refused(Refusal("Чат уже привязан: {who}", {"who": other.full_name}))
    keep(person, differing(person, {"telegram_id": chat}), why)
    Person.objects.filter(pk=person.pk).update(
        telegram_id=chat, last_seen=why.at, version=F("version") + 1
    )
    person.refresh_from_db()
    return person
