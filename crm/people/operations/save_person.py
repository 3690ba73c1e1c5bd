"""Take a person in, change him, give and take roles, untie his chat, say goodbye."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from crm.audit.operations.overwrite import Difference, Why, differing, keep
from crm.people.models import Person, PersonRole
from crm.people.roles import titles
from engine.errors import Refusal, Refused

CHANGEABLE = frozenset({"full_name", "language", "quiet_from", "quiet_to", "telegram_id", "user"})
TAKEN = Refusal("Этот чат или эту учётную запись только что занял другой человек")


@transaction.atomic
def save_person(
    by: Person | None,
    *,
    person: Person | None,
    roles: Iterable[str] | None = None,
    reason: str = "",
    **values: Any,
) -> Person:
    """Make a person (`person` is None) or change him and keep what he was; `roles`, when given,
    become exactly his roles. Raises Refused when his chat or his account is another's, also since a
    moment ago."""
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise ValueError(f"not to be changed: {sorted(unknown)}")
    chat = values.get("telegram_id")
    holder = Person.objects.filter(telegram_id=chat).first() if chat is not None else None
    if holder is not None and holder != person:
        raise Refused(Refusal("Чат уже привязан: {who}", {"who": str(holder)}))
    if "user" in values and (person is None or person.user != values["user"]):
        _refuse_above(by, values["user"], person.user if person else None)
    found = differing(Person.objects.get(pk=person.pk), values) if person else []
    person = person or Person(created_by=by)
    for name, value in values.items():
        setattr(person, name, value)
    if person.pk:
        person.version += 1
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise Refused(TAKEN) from error
    why = Why(by, timezone.now(), reason)
    if roles is not None:
        set_roles(person, roles, why)
    keep(person, found, why)
    return person


def set_roles(person: Person, roles: Iterable[str], why: Why) -> None:
    """Give a person exactly these roles and keep those he had; they count at his next press of a
    button. Raises ValueError for a role that the forms do not have."""
    wanted = {str(role) for role in roles}
    unknown = wanted - {role for role, _ in titles()}
    if unknown:
        raise ValueError(f"no roles of the forms: {sorted(unknown)}")
    held = set(PersonRole.objects.filter(person=person).values_list("role", flat=True))
    person.roles.exclude(role__in=wanted).delete()
    PersonRole.objects.bulk_create(
        [PersonRole(person=person, role=role) for role in sorted(wanted)], ignore_conflicts=True
    )
    if held != wanted:
        old, new = ", ".join(sorted(held)), ", ".join(sorted(wanted))
        keep(person, [Difference("roles", old, new)], why)


@transaction.atomic
def unbind(by: Person | None, *, person: Person, at: datetime) -> None:
    """Untie the chat of a person; a new code is needed to come back."""
    keep(person, differing(person, {"telegram_id": None}), Why(by, at))
    Person.objects.filter(pk=person.pk).update(telegram_id=None, version=F("version") + 1)
    person.refresh_from_db()


@transaction.atomic
def set_active(by: Person | None, *, person: Person, active: bool, at: datetime) -> None:
    """Let a person go, or back: without work there is no chat, no code and no entry to the
    office. Raises Refused where his account may more than that of `by`."""
    _refuse_above(by, person.user)
    values: dict[str, Any] = {"active": active}
    if not active:
        values["telegram_id"] = None
        person.invitations.filter(used_at__isnull=True, revoked_at__isnull=True).update(
            revoked_at=at
        )
    if person.user:
        person.user.is_active = active
        person.user.save(update_fields=["is_active"])
    keep(person, differing(person, values), Why(by, at))
    Person.objects.filter(pk=person.pk).update(**values, version=F("version") + 1)
    person.refresh_from_db()


def _refuse_above(by: Person | None, *accounts: User | None) -> None:
    """Refuse to touch accounts that may everything, unless one's own may; the command line may."""
    if by is None or (by.user and by.user.is_superuser):
        return
    if any(one and one.is_superuser for one in accounts):
        raise Refused(Refusal("Учётная запись этого человека может всё: её меняет только такая же"))


def person_of(user: User) -> Person:
    """Return the person of an office account, made at the first command: history names people."""
    person, _ = Person.objects.get_or_create(
        user=user, defaults={"full_name": user.get_full_name() or user.get_username()}
    )
    return person
