"""How much a request may bring: more is refused unread, before anybody is asked who he is.

Django writes what is uploaded to the disk while it looks for the key of a form, also a stranger's;
without an end to it, one request could fill the disk."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, override

from crm.office.language import language_of

LARGEST_MB = 25  # a file of 20 MiB, the largest that is taken, with its form around it


class Body:
    """Middleware that answers 413 to what is larger."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse. Of a body without a length Django reads nothing."""
        told = str(request.META.get("CONTENT_LENGTH") or "0")
        if told.isdecimal() and int(told) <= LARGEST_MB * 1_000_000:
            return self._get_response(request)
        with override(language_of(request)):
            words = gettext("Запрос больше {most} МБ не принимается").format(most=LARGEST_MB)
        return HttpResponse(words, "text/plain; charset=utf-8", 413)
