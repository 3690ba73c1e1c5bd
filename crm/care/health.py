"""`/healthz` and `/readyz`: two answers for whatever watches the office.

They are given before everything else, to anybody and under any name of the host: they say nothing
of the plant, ask for no session and write none. `/healthz`: the process answers. `/readyz`: it can
work; if not, what is missing, by a word a part (`cli.py doctor` says the rest). `/metrics` is
asked past the rest of the office in the same way, but only with its token."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from secrets import compare_digest

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse

from crm.bridge.program import program
from crm.care.metrics import CONTENT_TYPE, plant
from crm.configuration import settings
from engine.errors import EngineError
from engine.model.trail import on_trail

log = logging.getLogger(__name__)
HEALTH, READY, METRICS = "/healthz", "/readyz", "/metrics"
BEARER = "Bearer "


class Health:
    """Middleware that answers the two addresses and lets all else pass, under a name of its own in
    the journal."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if request.path == HEALTH:
            return _said(())
        if request.path == READY:
            return _said(tuple(missing()))
        token = settings().metrics_token
        if request.path == METRICS and token is not None:
            return _numbers(request, token.get_secret_value())
        with on_trail("request"):
            return self._answer(request)


def missing() -> list[str]:
    """Return what keeps this process from working: `database`, `migrations`, `forms`."""
    found = []
    try:
        if _of_the_program() - MigrationRecorder(connection).applied_migrations().keys():
            found.append("migrations")
    except DatabaseError:
        log.warning("not ready: the database does not answer", exc_info=True)
        found.append("database")
        connection.close()
    if not found:  # the forms are read by rows
        try:
            program()
        except EngineError:
            log.warning("not ready: the forms do not load", exc_info=True)
            found.append("forms")
    return found


@lru_cache(maxsize=1)
def _of_the_program() -> frozenset[tuple[str, str]]:
    """Return the migrations that this program comes with: read once, anybody may ask often."""
    return frozenset(MigrationLoader(None).disk_migrations or ())


def _numbers(request: HttpRequest, token: str) -> HttpResponse:
    """Give the metrics to who knows the token. An address of the caller proves nothing: behind a
    proxy on one machine everybody comes from there."""
    given = request.headers.get("Authorization", "")
    if not compare_digest(given.encode(), f"{BEARER}{token}".encode()):
        answer = HttpResponse("", "text/plain", 401, headers={"WWW-Authenticate": BEARER.strip()})
    else:
        answer = HttpResponse(plant(), CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


def _said(wanting: tuple[str, ...]) -> HttpResponse:
    text = "\n".join(wanting) if wanting else "ok"
    answer = HttpResponse(f"{text}\n", "text/plain; charset=utf-8", 503 if wanting else 200)
    answer["Cache-Control"] = "no-store"
    return answer
