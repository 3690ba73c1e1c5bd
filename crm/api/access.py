"""Who is let in: the token of a request, its scope, how often it asked.

The minute of a token is a row, which all processes of the office draw on. Each draws a few requests
at once and counts them in its memory: reading shall not cost a commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from crm.api import problems
from crm.api.models import Scope, Token
from crm.api.operations.tokens import digest_of

PER_MINUTE = 120  # requests of one token
DRAWN = 10  # of them at once: what a process does not use of it is lost for the minute
FULL = -1  # of a minute of which nothing more is to be drawn
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


class Drawn:
    """What this process has drawn of a minute of each token and not used yet."""

    def __init__(self) -> None:
        self._minute, self._left = 0, dict[str, int]()
        self._lock = Lock()

    def use(self, token: str, minute: int, draw: Callable[[], bool]) -> bool:
        """Use one request of a minute, after drawing some where none is left; tell whether there
        was one. Of a minute that is used up nothing is drawn again: who asks on writes no row."""
        with self._lock:
            if minute != self._minute:
                self._minute, self._left = minute, {}
            left = self._left.get(token, 0)
            if left:
                self._left[token] = max(left - 1, FULL)
                return left != FULL
        drawn = draw()
        with self._lock:
            left = self._left.get(token, 0)
            self._left[token] = max(left, 0) + DRAWN - 1 if drawn else left or FULL
        return drawn


DRAWN_HERE = Drawn()


def _count(token: Token, now: datetime) -> None:
    """Count a request in its minute; refuse it when the minute is used up."""
    minute, second = divmod(int(now.timestamp()), MINUTE_S)
    if not DRAWN_HERE.use(token.digest, minute, lambda: _draw(token, minute)):
        raise problems.too_many(MINUTE_S - second)


def _draw(token: Token, minute: int) -> bool:
    """Draw on the minute of a token; tell whether anything was left. A clock that is a little ahead
    has begun the next minute for all; one that jumped has not."""
    mine = Token.objects.filter(pk=token.pk)
    other = Q(asked_in__lt=minute) | Q(asked_in__gt=minute + 1)
    mine.filter(other).update(asked_in=minute, asked=0)
    left = mine.filter(asked_in__gte=minute, asked__lte=PER_MINUTE - DRAWN)
    return left.update(asked=F("asked") + DRAWN) > 0


def _note(token: Token, now: datetime) -> None:
    """Write when a token was last used."""
    if token.last_used_at is None or token.last_used_at < now - NOTED:
        old = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now)
        Token.objects.filter(old, pk=token.pk).update(last_used_at=now)
