"""The language of the office: the one chosen in the menu of the account, Russian until then. The
language of the browser decides nothing: a plant's words are learnt in one language."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from crm.bridge.program import program
from crm.bridge.versions import OFFICE
from crm.own_words import own
from crm.spans import from_json
from engine.languages.catalogue import Languages, read_languages


class OfficeLanguage:
    """Middleware: every page is said in the language that the cookie names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request in the language of whoever asks."""
        with translation.override(language_of(request)):
            return self._get_response(request)


def language_of(request: HttpRequest) -> str:
    """Return the language that somebody has chosen for his browser."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def said(text: str) -> str:
    """Say a text of the program, such as a refusal, in the language of the page."""
    return _languages().say(text, translation.get_language() or settings.LANGUAGE_CODE)


def own_said(text: str) -> str:
    """Say in the language of the page what a row keeps in Russian where the program itself wrote
    it; what somebody typed as it is."""
    program()  # an office that has just started has not read the forms yet
    return said(own(text))


def spans_said(spans: list[dict[str, Any]]) -> str:
    """Say the characters of a text that a row keeps as JSON."""
    return "".join(said(span.text) for span in from_json(spans).spans)


def in_russian() -> AbstractContextManager[None]:
    """Say in the source what others are told of: not in the language of whoever gives a command."""
    return translation.override(settings.LANGUAGE_CODE)


@cache
def _languages() -> Languages:
    codes = [code for code, _ in settings.LANGUAGES]
    return read_languages(settings.LOCALE_PATHS[0], codes, more=[OFFICE])
