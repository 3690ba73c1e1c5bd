"""«Загрузка из Excel»: people and catalogues out of a workbook, shown before they are written.

Between the preview and «Применить» the workbook travels in the page, not in a store: one that was
refused, or left, is kept nowhere. Start at `imports`."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.care.imports.catalogue import NORMS
from crm.care.imports.kinds import Given, Kind
from crm.care.imports.take import CHANGED, KINDS, NEW, SAME, Fault, Line, Taken, take_over
from crm.care.imports.template import NAME, template
from crm.office import acts, exports, seed
from crm.office.base import acting
from crm.office.card import Cell, Table, Tone, cell
from crm.office.language import in_russian, said
from crm.people.models import Person
from engine.documents.errors import BadLayout
from engine.documents.filled import LARGEST, filled
from engine.documents.xlsx import MIME
from engine.languages.message import Message

WHAT: Mapping[str, tuple[str | Promise, Tone]] = {
    NEW: (_("новая"), "good"),
    CHANGED: (_("изменится"), "info"),
    SAME: (_("без изменений"), "calm"),
}


def may_import(user: Any) -> bool:
    """Tell whether an account may take over any kind of sheet."""
    return any(kind.may(user) for kind in KINDS)


def sees_import(user: Any) -> bool:
    """Tell whether the menu of an account shows the page. Who brings norms is told by a right of
    his group, which the menu has read anyway: every page would pay for a question of his roles."""
    others = any(kind.may(user) for kind in KINDS if kind is not NORMS)
    return others or bool(user.has_perm(seed.NORMS))


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, site: Any) -> HttpResponse:
    """Ask for a workbook, show what it would change, change it."""
    if not may_import(request.user):
        raise PermissionDenied
    error, taken, content = "", None, b""
    if request.method == "POST":
        try:
            content = _content(request)
            taken = _taken(request, content)
        except BadLayout as wrong:
            error = said(wrong.message)
        if taken is not None and taken.applied:
            return _done(request, taken)
    context = {
        **site.each_context(request),
        "title": gettext("Загрузка из Excel"),
        "kinds": [str(kind.title) for kind in KINDS if kind.may(request.user)],
        "error": error,
        "taken": taken,
        "faults": _faults(taken.faults) if taken and taken.faults else None,
        "lines": _lines(taken.lines) if taken and not taken.faults else None,
        "stale": bool(taken and not taken.faults and request.POST.get("seen")),
        "writes": bool(taken and len(taken.lines) > taken.count(SAME)),
        "content": urlsafe_b64encode(content).decode() if taken and not taken.faults else "",
    }
    return TemplateResponse(request, "office/imports.html", context)


@require_POST
def import_template(request: HttpRequest) -> HttpResponse:
    """Give the workbook to fill in, with what the account may change: an export, put on record."""
    if not may_import(request.user):
        raise PermissionDenied
    with in_russian():
        sheets = ", ".join(str(kind.title) for kind in KINDS if kind.may(request.user))
    _record(request, acts.TEMPLATE_TAKEN.with_values({"sheets": sheets}))
    return exports.answer(NAME, MIME, template(lambda kind: kind.may(request.user)))


def _record(request: HttpRequest, text: Message) -> None:
    with in_russian():  # the title goes on record
        exports.record(request, Person, gettext("Загрузка из Excel"), text)


def _content(request: HttpRequest) -> bytes:
    """Return the workbook: uploaded, or as the preview has sent it along. Raises BadLayout."""
    upload = request.FILES.get("file")
    if upload is not None:
        if (upload.size or 0) > LARGEST:
            raise BadLayout(gettext("Файл больше 1 МБ"))
        return bytes(upload.read())
    try:
        return urlsafe_b64decode(request.POST.get("content", ""))
    except ValueError:
        return b""  # not as we have sent it: no workbook


def _taken(request: HttpRequest, content: bytes) -> Taken:
    def may(kind: Kind) -> bool:
        return kind.may(request.user)

    given = Given(acting(request), timezone.now())
    return take_over(filled(content), given, may=may, say=said, seen=request.POST.get("seen"))


def _done(request: HttpRequest, taken: Taken) -> HttpResponse:
    words = {"new": str(taken.count(NEW)), "changed": str(taken.count(CHANGED))}
    text = acts.LOADED.with_values(words)
    _record(request, text)
    messages.success(request, said(text))
    return HttpResponseRedirect(reverse("admin:imports"))


def _faults(faults: tuple[Fault, ...]) -> Table:
    rows = [
        (cell(one.sheet), cell(one.row), cell(one.column), cell(one.what), cell(one.hint))
        for one in faults
    ]
    headers = (_("Лист"), _("Строка"), _("Столбец"), _("Что не так"), _("Что делать"))
    return Table(gettext("Ошибки: пока они есть, не запишется ничего"), headers, rows)


def _lines(lines: tuple[Line, ...]) -> Table:
    rows = []
    for line in lines:
        title, tone = WHAT[line.what]
        rows.append(
            (
                cell(line.sheet),
                cell(line.row),
                cell(line.name),
                Cell(str(title), tone=tone),
                cell("; ".join(map(_change, line.changes))),
            )
        )
    headers = (_("Лист"), _("Строка"), _("Запись"), _("Что с ней"), _("Изменится"))
    return Table(gettext("Что изменится"), headers, rows)


def _change(change: Any) -> str:
    if not change.old:
        return f"{change.column}: {change.new}"
    return f"{change.column}: {change.old} → {change.new}"
