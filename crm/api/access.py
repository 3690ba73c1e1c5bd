"""Who is let in: the token of a request, its scope, how often it asked.

The office is one process (`crm/office/server.py`), so requests are counted in its memory; a counter
lives as long as its minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from crm.api import problems
from crm.api.models import Scope, Token
from crm.api.operations.tokens import digest_of

PER_MINUTE = 120  # requests of one token
MINUTE_S = 60
NOTED = timedelta(minutes=1)  # a use is written once a minute: reading shall not cost a commit


class Bearer(HttpBearer):
    """Lets in tokens that may read a scope."""

    openapi_name = "token"

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Token:
        """Return the token of a request. Raises NoAnswer: 401, 429 or 403."""
        found = super().__call__(request)
        if not isinstance(found, Token):
            raise problems.unknown_token()
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        """Find the token and ask whether it may."""
        now = timezone.now()
        found = Token.objects.with_givers().filter(digest=digest_of(token)).first()
        if found is None or not (found.works(now) and found.vouched):
            raise problems.unknown_token()
        _count(found, now)
        _note(found, now)
        if not found.may(self.scope):
            raise problems.not_allowed(self.scope.value)
        return found


def _count(token: Token, now: datetime) -> None:
    """Count a request in its minute; refuse it when the minute is used up."""
    minute, second = divmod(int(now.timestamp()), MINUTE_S)
    key = f"api:{token.digest}:{minute}"
    cache.add(key, 0, 2 * MINUTE_S)
    if cache.incr(key) > PER_MINUTE:
        raise problems.too_many(MINUTE_S - second)


def _note(token: Token, now: datetime) -> None:
    """Write when a token was last used."""
    if token.last_used_at is None or token.last_used_at < now - NOTED:
        old = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now)
        Token.objects.filter(old, pk=token.pk).update(last_used_at=now)
