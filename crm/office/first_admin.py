"""The first administrator (domain 12.4): made of the environment where nobody may everything yet,
with a password that lets him do nothing but replace it.

That password lies in a file or a variable that others may read, so it opens no page to whoever
enters with it, however often. Start at `make`."""

from __future__ import annotations

from collections.abc import Callable
from secrets import compare_digest

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from crm.configuration import Settings, settings
from crm.office import second_factor

DUE = "office_password_due"
CHANGE = "admin:password_change"


def make(configuration: Settings) -> bool:
    """Make the administrator that the settings name, unless somebody may everything already; tell
    whether he was made. Who may it in an account that was closed may not; that account is not
    opened, another name is needed."""
    password, present = configuration.first_admin_password, Q(is_superuser=True, is_active=True)
    taken = present | Q(username=configuration.first_admin)
    if password is None or User.objects.filter(taken).exists():
        return False
    User.objects.create_superuser(configuration.first_admin, password=password.get_secret_value())
    return True


def begin(request: HttpRequest) -> None:
    """Write into the session that its password is the one of the settings."""
    password = settings().first_admin_password
    given = request.POST.get("password", "")
    if password and compare_digest(password.get_secret_value().encode(), given.encode()):
        request.session[DUE] = True


def changed(request: HttpRequest) -> None:
    """Let in who has replaced his password."""
    request.session.pop(DUE, None)


class FirstPassword:
    """Middleware: whoever entered with the password of the settings sees the page that replaces it
    and no other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or lead to the page."""
        due = request.session.session_key and DUE in request.session
        if due and request.path not in {reverse(one) for one in (CHANGE, *second_factor.OPEN)}:
            return HttpResponseRedirect(reverse(CHANGE))
        return self._get_response(request)


class AnotherOne:
    """Validator of passwords: a new one is not the one that is there."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for the same again."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(self.get_help_text(), code="password_is_the_same")

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return gettext("Новый пароль не должен совпадать с прежним.")
