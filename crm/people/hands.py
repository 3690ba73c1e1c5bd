"""Whether two people who must be two are the hands of one (domain 5, rule 8): a second account or
a second chat that the first one has made for himself is no second person.

Who has lately made the account, the roles or the chat of another may hold that one's password, or
his phone: for a while the two count as one, whichever of them asks. Start at
`refuse_same_hands`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from crm.audit.models import ValueChange
from crm.audit.operations.overwrite import name_of
from crm.people.models import Invitation, Person
from engine.errors import Refusal, Refused

LATELY = timedelta(days=30)
USER, CHAT, ROLES = "user", "telegram_id", "roles"  # what a person is known by, as history has it


class SameHands(Refused):
    """Raised where the second person is, or may be, the first one."""


def refuse_same_hands(first: Person | None, second: Person | None, at: datetime) -> None:
    """Let two people be two. Raises SameHands where they may be one."""
    refusal = same_hands(first, second, at)
    if refusal is not None:
        raise SameHands(refusal)


def same_hands(first: Person | None, second: Person | None, at: datetime) -> Refusal | None:
    """Return why two people may be one; None for two, for the system, and for somebody who is still
    to be found. That one and the same row is no second person says whoever asks."""
    if first is None or second is None or not (first.pk and second.pk) or first.pk == second.pk:
        return None
    since = at - LATELY
    marks = {one.pk: set(_marks(one, since)) for one in (first, second)}
    if marks[first.pk] & marks[second.pk]:
        return Refusal(
            "Нужен другой человек: у {first} и {second} была одна учётная запись или один чат",
            {"first": first.full_name, "second": second.full_name},
        )
    for maker, made in ((first, second), (second, first)):
        if _has_made(maker, made, since):
            return Refusal(
                "Нужен другой человек: {maker} за последние {days} дней заводил(а) или менял(а) "
                "учётную запись, роли или чат: {made}",
                {"maker": maker.full_name, "made": made.full_name, "days": str(LATELY.days)},
            )
    return None


def _marks(person: Person, since: datetime) -> Iterator[tuple[str, str]]:
    """Give the accounts and chats that a person has or lately had."""
    if person.user:
        yield USER, str(person.user)
    if person.telegram_id:
        yield CHAT, str(person.telegram_id)
    for field, old, new in _changes(person, since, USER, CHAT).values_list("field", "old", "new"):
        yield from ((field, one) for one in (old, new) if one)


def _changes(person: Person, since: datetime, *fields: str) -> QuerySet[ValueChange]:
    mine = ValueChange.objects.filter(record=name_of(Person), record_id=str(person.pk))
    return mine.filter(field__in=fields, at__gt=since).order_by()


def _has_made(maker: Person, made: Person, since: datetime) -> bool:
    """Tell whether one has lately made the other, his account, his roles or his chat."""
    if made.created_by_id == maker.pk and made.created_at > since:
        return True
    if _changes(made, since, USER, CHAT, ROLES).filter(by=maker).exists():
        return True
    codes = Invitation.objects.filter(person=made, created_by=maker, used_at__gt=since)
    return codes.exists() or _has_made_account(maker.user_id, made.user_id, since)


def _has_made_account(maker: int | None, made: int | None, since: datetime) -> bool:
    if not (maker and made):
        return False
    log = LogEntry.objects.filter(
        user=maker,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(made),
        action_flag__in=(ADDITION, CHANGE),
        action_time__gt=since,
    )
    return log.exists()
