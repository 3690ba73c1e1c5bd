"""Give a person a code of invitation."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from crm.people.models import Invitation, Person
from engine.errors import Refusal, Refused

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0 O 1 I, which people confuse
LENGTH = 8
VALID = timedelta(hours=72)


def code_hash(code: str) -> str:
    """Return what is kept of a code: only its digest, by the program's key. There are few enough
    codes to try all: whoever reads the rows, or a copy of them, must not find one that still works.
    Case and spaces around do not matter."""
    plain = code.strip().upper()
    return salted_hmac("crm.people.invite", plain, algorithm="sha256").hexdigest()


@transaction.atomic
def invite(by: Person | None, *, person: Person, at: datetime) -> str:
    """Return a new code of eight characters, single use, valid for 72 hours; earlier codes stop
    working."""
    if not person.active:
        raise Refused(Refusal("Человек не работает: приглашение не выдаётся"))
    revoke(person, at)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    Invitation.objects.create(
        code_hash=code_hash(code),
        person=person,
        created_at=at,
        created_by=by,
        expires_at=at + VALID,
    )
    return code


@transaction.atomic
def revoke_one(by: Person | None, *, invitation: Invitation, at: datetime) -> None:
    """Let one code work no more. Raises Refused for one that works no more already."""
    del by
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not row.works(at):
        raise Refused(Refusal("Приглашение уже не действует"))
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])


def revoke(person: Person, at: datetime) -> None:
    """Let the codes of a person that nobody has used work no more."""
    person.invitations.filter(used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=at)
