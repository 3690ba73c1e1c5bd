"""The page that is shown instead of one that failed: a code to name, and a way on (domain X36).

The code is the name of the request in the journal, where the trace stands under it. The page asks
neither the rows nor the session: they may be what failed."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.urls import reverse
from django.utils.translation import override

from crm.office.language import language_of
from engine.model.trail import trail

PROGRAMS = "/api/"
MIME = "application/problem+json"

log = logging.getLogger(__name__)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it failed, under which code, and lead back; a program is told in its own form."""
    code = trail()
    log.exception("%s: %s %s failed", code, request.method, request.path)
    if request.path.startswith(PROGRAMS):
        problem = {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "code": "failed",
            "detail": f"Name this code to the administrator of the plant: {code}",
            "errors": [],
        }
        return JsonResponse(problem, status=500, content_type=MIME)
    # What was sent is not sent again by a link: where it came from is where to begin anew.
    again = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    told = {"code": code, "again": again, "home": reverse("admin:index")}
    with override(language_of(request)):  # what failed may stand before the one that chooses
        return HttpResponse(loader.render_to_string("office/failed.html", told), status=500)
