"""The door of the office: who tried to enter, who guesses, and how long one stays inside."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from math import ceil
from typing import Any

from django.conf import settings as django
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from unfold.forms import AuthenticationForm

from crm.configuration import settings
from crm.people.models import SignIn
from crm.people.operations.sign_in import locked_until, note

IDLE_S = 2 * 3600  # without a page: whoever left his desk is out
NOTED_S = 60  # a page seen is written once a minute
BEGUN, SEEN = "office_begun", "office_seen"


class SignInForm(AuthenticationForm):
    """Name and password; guessing is refused. Every try that fails is written down here, one that
    is right by the site, which knows whether a code is still to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who comes types at once. The browser's own autofocus is lost: the page is hidden until the
        # theme has started.
        self.fields["username"].widget.attrs["x-init"] = "$nextTick(() => $el.focus())"

    def clean(self) -> dict[str, Any]:
        """Let in, or say why not."""
        name, now = self.cleaned_data.get("username", ""), timezone.now()
        account = User.objects.filter(username=name).first() if name else None
        address = address_of(self.request)
        until = locked_until(name, account, address, now)
        if until is not None:
            note_try(self.request, SignIn.Outcome.LOCKED, account, name)
            minutes = ceil((until - now) / timedelta(minutes=1))
            text = gettext("Слишком много попыток. Подождите {minutes} мин и войдите снова")
            raise ValidationError(text.format(minutes=minutes), code="locked")
        right = False
        try:
            cleaned: dict[str, Any] = super().clean()
            right = self.get_user() is not None
        finally:
            if not right:
                note_try(self.request, SignIn.Outcome.WRONG, account, name)
        return cleaned


def address_of(request: HttpRequest) -> str | None:
    """Return where a request comes from; behind a trusted proxy, what the proxy saw."""
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings().proxy_header:
        told = request.headers.get("X-Forwarded-For", told).rpartition(",")[2].strip()
    try:
        return str(ip_address(told))
    except ValueError:
        return None


def note_try(
    request: HttpRequest, outcome: SignIn.Outcome, account: User | None, name: str = ""
) -> None:
    """Write down a try to enter, by a password or by the code beside it, under the name that was
    typed or that of the account."""
    note(
        outcome,
        name=account.username if account else name,
        account=account,
        address=address_of(request),
        program=request.headers.get("User-Agent", ""),
        at=timezone.now(),
    )


def begin(request: HttpRequest) -> None:
    """Count from now how long one is inside."""
    request.session[BEGUN] = request.session[SEEN] = int(time.time())


class Stay:
    """Middleware: whoever did nothing for two hours, or is inside for twelve, enters anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End a stay that is over, note one that goes on."""
        session = request.session
        if session.session_key and SESSION_KEY in session and SEEN in session:
            now = int(time.time())
            if now - session[SEEN] >= IDLE_S or now - session[BEGUN] >= django.SESSION_COOKIE_AGE:
                session.flush()
            elif now - session[SEEN] >= NOTED_S:
                session[SEEN] = now
        return self._get_response(request)
