"""Give a program a token, and take it back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from crm.api.models import Scope, Token
from engine.errors import Refusal, Refused

PREFIX = "meat_"  # a token that leaked into a file is found by it
RANDOM_BYTES = 32
SHOWN = len(PREFIX) + 4
LONGEST = timedelta(days=366)


def digest_of(secret: str) -> str:
    """Return what is kept of a token. It is 32 random bytes: nobody guesses it from its digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(
    by: User, *, name: str, scopes: Collection[Scope], until: datetime, at: datetime
) -> tuple[Token, str]:
    """Return a new token's row and the token, which nobody can read again.

    Raises Refused when it would read nothing, be over already or last longer than a year."""
    if not scopes:
        raise Refused(Refusal("Выберите, что токен читает"))
    if not at < until <= at + LONGEST:
        raise Refused(Refusal("Срок токена — от сегодняшнего дня до одного года"))
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = Token.objects.create(
        name=name,
        digest=digest_of(secret),
        hint=secret[:SHOWN],
        scopes=" ".join(scope.value for scope in Scope if scope in scopes),
        created_at=at,
        created_by=by,
        expires_at=until,
    )
    return token, secret


@transaction.atomic
def revoke(by: User, *, token: Token, at: datetime) -> None:
    """Let a token in no more, from the next request on. Raises Refused when it is revoked."""
    mine = Token.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if not mine.update(revoked_at=at, revoked_by=by):
        raise Refused(Refusal("Токен уже отозван"))
