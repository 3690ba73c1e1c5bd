"""«Здоровье» (domain 11.5): what stands where and for how long, what it waits for, what is late or
was not delivered, and what must not be. It offers the commands of the cards and changes nothing.

Whether the books are true is what the last night found: looking at all of them takes longer than
a page may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from crm.audit.models import BookCheck
from crm.bridge.program import program
from crm.care.waiting import Part, detailed, standing
from crm.office.card import Table, Tone, cell
from engine.languages.message import Message
from engine.run.program import Program

RIGHT = "outbox.view_notice"  # of who is told when something stands still (domain 9.1)


@require_safe
def health(request: HttpRequest, site: Any) -> HttpResponse:
    """Show how the plant stands; with `?all` every blank, order and mix too."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    present, now, every = program(), timezone.localtime(), "all" in request.GET
    parts = [*standing(present, now), *(detailed(present, now) if every else ())]
    context = {
        **site.each_context(request),
        "title": gettext("Здоровье"),
        "every": every,
        "tables": [*_night(present), *(_table(present, part) for part in parts)],
    }
    return TemplateResponse(request, "office/health.html", context)


def _night(present: Program) -> Iterator[Table]:
    last = BookCheck.objects.done().first()
    if last is None:
        return
    found = [
        (cell(_said(present, Message(title)), tone="bad"), cell(count), cell("; ".join(examples)))
        for title, count, examples in last.found
    ]
    heads = (gettext("Что не сходится"), gettext("Сколько"), gettext("Где"))
    yield Table(gettext("Ночная проверка {night}").format(night=last), heads, found)


def _table(present: Program, part: Part) -> Table:
    tone: Tone = "bad" if part.fault else ""
    rows = [(cell(_said(present, line), tone=tone),) for line in part.lines]
    return Table(_said(present, part.title), (gettext("Что и как давно"),), rows)


def _said(present: Program, text: str) -> str:
    return present.languages.say(text, get_language() or "")
