"""The second factor of those who may correct: a code of their phone, or one of ten kept on paper.

What is still owed stands in the session since the password, so that no page asks for it again.
Start at `owed`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from crm.configuration import settings
from crm.office.door import note_try
from crm.office.rights import account_roles
from crm.people.models import SignIn
from crm.people.roles import OfficeRole
from engine.documents.pictures import qr

STAGE, KEY = "office_factor", "office_factor_key"
CODES = 10  # that are kept on paper, each good once
DIGITS = 6  # of a code of the phone; those on paper are longer
PHONE, PAPER = "phone", "paper"
READERS = {OfficeRole.DIRECTOR.value, OfficeRole.AUDITOR.value}  # domain 2.2: they only read
OPEN = ("admin:logout", "admin:login", "admin:second_factor", "set_language")


class Stage(StrEnum):
    """What an account that gave its password still owes."""

    CODE = "code"  # of its phone
    PHONE = "phone"  # to tie one: it may correct and has none


def owed(user: User) -> Stage | None:
    """Return what an account owes after its password; None when it is let in. Who tied a phone
    always gives its code; who may correct must tie one, outside of the demo."""
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        return Stage.CODE
    return Stage.PHONE if settings().asks_second_factor and may_correct(user) else None


def may_correct(user: User) -> bool:
    """Tell whether an account may do anything but read."""
    return bool(user.is_superuser or account_roles(user) - READERS)


def begin(request: HttpRequest) -> bool:
    """Write into the session what its account owes; tell whether it owes anything."""
    assert isinstance(request.user, User)
    stage = owed(request.user)
    if stage is not None:
        request.session[STAGE] = stage.value
    return stage is not None


class SecondFactor:
    """Middleware: whoever owes something sees no page but the one that asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or lead to the page."""
        owes = request.session.session_key and STAGE in request.session
        if owes and request.path not in {reverse(name) for name in OPEN}:
            return HttpResponseRedirect(reverse("admin:second_factor"))
        return self._get_response(request)


@never_cache
def page(request: HttpRequest, site: Any) -> HttpResponse:
    """Ask for a code, tie a phone, or give new codes for paper."""
    user = request.user
    assert isinstance(user, User)
    tied = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    codes: list[str] = []
    error = ""
    if request.method == "POST":
        code = request.POST.get("code", "").replace(" ", "").lower()
        if not (_known(user, code) if tied else _tie(request, code)):
            error = gettext("Код не подошёл. Возьмите следующий; время телефона должно быть точным")
            note_try(request, SignIn.Outcome.WRONG, user)
        elif _paid(request, user) == Stage.CODE:
            return HttpResponseRedirect(reverse("admin:index"))
        else:
            tied, codes = True, _new_codes(user)
    context = {
        **site.each_context(request),
        "title": gettext("Второй фактор"),
        "tied": tied,
        "owed": request.session.get(STAGE, ""),
        "codes": codes,
        "left": StaticToken.objects.filter(device__user=user).count(),
        "error": error,
        **({} if tied else _offer(request)),
    }
    return TemplateResponse(request, "office/second_factor.html", context)


def _paid(request: HttpRequest, user: User) -> str | None:
    """Let in who owed something; return what that was. Only now he has entered: a thief who has the
    password and no phone has not, and who put the cookie of his own stay into this browser has
    another one than it has from now on."""
    stage: str | None = request.session.pop(STAGE, None)
    if stage is not None:
        request.session.cycle_key()
        note_try(request, SignIn.Outcome.ENTERED, user)
    return stage


@transaction.atomic
def _known(user: User, code: str) -> bool:
    """Tell whether a code is one of the account's; it is good once. Who guesses waits longer each
    time: the library sees to both."""
    if not code.isalnum():
        return False
    model = TOTPDevice if len(code) == DIGITS else StaticDevice
    device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return False
    _forget_the_future(device)
    return bool(device.verify_token(code))


def _forget_the_future(device: TOTPDevice | StaticDevice) -> None:
    """Forget what was tried while the clock was ahead: the library would let nobody in until it is
    that late again."""
    failed = device.throttling_failure_timestamp
    if failed and failed > timezone.now():
        device.throttle_reset(commit=False)
    if isinstance(device, TOTPDevice):
        present = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift).t()
        if device.last_t > present + device.tolerance:
            device.last_t = -1


@transaction.atomic
def _tie(request: HttpRequest, code: str) -> bool:
    """Tie the phone that read the picture, when its first code is right and nobody else, who has
    the password too, was faster."""
    key = request.session.get(KEY)
    if key is None or not (code.isascii() and code.isdecimal()):
        return False
    totp = TOTP(bytes.fromhex(key))
    if not totp.verify(int(code), tolerance=1):
        return False
    assert isinstance(request.user, User)
    account = User.objects.select_for_update().get(pk=request.user.pk)
    if TOTPDevice.objects.filter(user=account, confirmed=True).exists():
        return False
    del request.session[KEY]
    TOTPDevice.objects.create(user=request.user, name=PHONE, key=key, last_t=totp.t())
    return True


@transaction.atomic
def _new_codes(user: User) -> list[str]:
    """Return new codes for paper; the old ones are good no more."""
    paper, _ = StaticDevice.objects.get_or_create(user=user, name=PAPER)
    paper.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=paper, token=code) for code in codes)
    return codes


def _offer(request: HttpRequest) -> dict[str, str]:
    """Return what ties a phone: a picture to be read, and the same as text to be typed. The key
    waits in the session until a code shows that the phone has it."""
    key = request.session.setdefault(KEY, random_hex())
    phone = TOTPDevice(user=request.user, key=key)
    secret = base64.b32encode(phone.bin_key).decode().rstrip("=")
    picture = base64.b64encode(qr(phone.config_url)).decode()
    return {"secret": secret, "picture": f"data:image/png;base64,{picture}"}


@transaction.atomic
def lend_code(user: User) -> str:
    """Return one more code for paper, good once, for who has left his phone somewhere. It is taken
    at once: whoever knows the password must not keep others out by guessing codes."""
    paper, _ = StaticDevice.objects.get_or_create(user=user, name=PAPER)
    paper.throttle_reset()
    code: str = StaticToken.random_token()
    StaticToken.objects.create(device=paper, token=code)
    return code


@transaction.atomic
def forget_phone(user: User) -> None:
    """Untie the phone of an account that is lost, and its codes on paper: the next stay begins with
    tying another one."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
