"""The character NUL, which no browser sends and PostgreSQL keeps in no text: with it any list,
search, filter or form would be an error of the server.

An address or a form that has one is refused in words; a cookie that has one is none of ours. The
API checks what it is asked by itself, and has no forms."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext, override

from crm.office.language import language_of

NUL = "\0"
API = "/api/"


class Address:
    """Middleware that answers 400 to an address with a NUL in it, and leaves out such cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse."""
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if NUL not in name + value
        }
        asked = f"{request.path_info}{request.META.get('QUERY_STRING', '')}".replace("%00", NUL)
        if NUL in asked and not request.path_info.startswith(API):
            return _refused(request)
        return self._get_response(request)


class Typed:
    """Middleware that answers 400 to a form with a NUL in it; it stands behind the look for the
    key of the form, for whose sake Django reads it anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Refuse a form before anybody uses what was typed in it."""
        with suppress(UnreadablePostError):  # whoever sent it is gone
            typed = request.POST.lists() if request.method == "POST" else ()
            if any(NUL in "".join((name, *values)) for name, values in typed):
                return _refused(request)
        return None


def _refused(request: HttpRequest) -> HttpResponse:
    with override(language_of(request)):
        words = gettext("В запросе знак с кодом 0: наберите его без этого знака")
    return HttpResponse(words, "text/plain; charset=utf-8", 400)
