"""What was typed on a page of the office that has no form of Django to check it."""

from __future__ import annotations

from django.http import HttpRequest


def typed(request: HttpRequest, name: str) -> str:
    """Return a text of a request; without NUL, which no browser sends and PostgreSQL keeps in no
    text: the page would be an error."""
    return request.POST.get(name, "").replace("\0", "")
