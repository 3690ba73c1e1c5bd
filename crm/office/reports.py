"""«Отчёты» (domain 10, 11.2): every report that the account's roles may have, with its parameters;
given at once, long ones beside the requests, and on record who took which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from crm.bridge.asking import NotUnderstood
from crm.bridge.files import open_files
from crm.bridge.papers import File, PaperMaker
from crm.bridge.program import program
from crm.bridge.reports import book, workbook
from crm.documents.models import Document
from crm.office import acts, exports, files, made
from crm.office.asked import Control, controls, read, spoken
from crm.office.base import acting
from crm.office.card import Cell
from crm.office.language import in_russian
from crm.office.rights import account_roles
from crm.people.models import Person
from engine.documents import pdf
from engine.documents.separated import render_csv
from engine.model.effects import Paper
from engine.model.values import Row, Value, show
from engine.schema.report import PERIOD, ReportForm

LONG = timedelta(days=7)  # a longer period is made beside the requests
XLSX, CSV = "xlsx", "csv"


@dataclass(frozen=True, slots=True)
class Shown:
    """A report on the page: where its form goes, what it asks, the forms that it is given in, and
    what was wrong with what was filled in."""

    form: ReportForm
    controls: list[Control]
    forms: list[tuple[str, str]]
    error: str = ""
    open: bool = False

    @property
    def title(self) -> str:
        """Its title in the language of the page."""
        return spoken(self.form.title)

    @property
    def address(self) -> str:
        """Where its form is POSTed to."""
        return reverse("admin:report", args=[self.form.report])

    @property
    def days(self) -> str:
        """Where its days are listed; empty for one that is not of days."""
        if not has_days(self.form):
            return ""
        return reverse("admin:report_days", args=[self.form.report])


@require_safe
def reports(request: HttpRequest, site: Any) -> HttpResponse:
    """Show the reports; `?report=` opens one, filled in with the rest of the query."""
    return _page(request, site, request.GET.get("report", ""), request.GET.dict())


@require_POST
def report(request: HttpRequest, report: str, site: Any) -> HttpResponse:
    """Give a report as a file, or say what is wrong with what was filled in."""
    form = readable(request).get(report)
    if form is None:
        raise Http404 if report not in program().reports else PermissionDenied
    given, wanted = request.POST.dict(), request.POST.get("form", XLSX)
    if wanted not in dict(_forms(form)):
        raise Http404
    try:
        params = read(form, given)
    except NotUnderstood as error:
        return _page(request, site, report, given, str(error))
    _record(request, form, params, wanted)
    if wanted not in (XLSX, CSV):
        try:
            return _paper(request, wanted, params)
        except pdf.NotPrintable:
            told = gettext("В PDF не печатается: на сервере нет шрифтов")
            return _page(request, site, report, given, told)
    person = acting(request)
    if not _is_long(params):
        file = _file(form, params, wanted, person.full_name)
        return exports.answer(file.name, file.mime, file.content)
    title, author = spoken(form.title), person.full_name
    key = made.begin(request, title, lambda _: _file(form, params, wanted, author), paper_of=person)
    return HttpResponseRedirect(reverse("admin:made", args=[key]))


def about(kind: str, identity: object) -> list[tuple[str, Cell]]:
    """Return the reports that ask for one record of a kind alone, as links to the page with that
    record filled in."""
    found = []
    for name, form in program().reports.items():
        if [param.type for param in form.params.values()] == [kind]:
            query = urlencode({"report": name, next(iter(form.params)): identity})
            title = spoken(form.title)
            found.append((title, Cell(title, f"{reverse('admin:reports')}?{query}")))
    return found


def fed_by(request: HttpRequest, fact: str) -> list[tuple[str, str]]:
    """Return the reports of the roles of an account that are made of a fact, each with the way to
    its form."""
    roles = account_roles(request.user)
    return [
        (spoken(form.title), f"{reverse('admin:reports')}?{urlencode({'report': name})}")
        for name, form in program().reports.items()
        if not roles.isdisjoint(form.roles)
        and any(str(block.source).startswith(f"{fact}(") for block in form.blocks)
    ]


def readable(request: HttpRequest) -> Mapping[str, ReportForm]:
    """Return the reports that the roles of an account, or of its person, may have."""
    roles = account_roles(request.user)
    for person in Person.objects.filter(user=int(request.user.pk or 0), active=True):
        roles |= person.role_codes
    forms = program().reports
    return {name: form for name, form in forms.items() if not roles.isdisjoint(form.roles)}


def _page(
    request: HttpRequest, site: Any, chosen: str, given: Mapping[str, str], error: str = ""
) -> HttpResponse:
    allowed = readable(request)
    if not allowed:
        raise PermissionDenied
    sections: dict[str, list[Shown]] = {}
    for name, form in sorted(allowed.items(), key=lambda one: spoken(one[1].title)):
        mine = name == chosen
        filled = controls(form, given if mine else {})
        one = Shown(form, filled, _forms(form), error if mine else "", mine)
        sections.setdefault(spoken(form.section) or gettext("Прочее"), []).append(one)
    context = {
        **site.each_context(request),
        "title": gettext("Отчёты"),
        "sections": sorted(sections.items()),
    }
    return TemplateResponse(request, "office/reports.html", context)


def _forms(form: ReportForm) -> list[tuple[str, str]]:
    """Return the forms that a report is given in: a workbook, rows where it is a plain list, and
    the papers of the one record that it asks for."""
    found = [(XLSX, "Excel")]
    if len(form.blocks) == 1 and not form.is_form:
        found.append((CSV, "CSV"))
    kinds = [param.type for param in form.params.values()]
    papers = [one for one in program().documents.values() if kinds == [one.record]]
    word = [(one.document, "Word") for one in papers]
    return found + word + [(f"{one.document}{pdf.ENDING}", "PDF") for one in papers]


def has_days(form: ReportForm) -> bool:
    """Tell whether a report is one of a production day: it asks for nothing but the days."""
    kinds = [(param.type, param.since) for param in form.params.values()]
    return kinds == [(PERIOD, None)]


def _is_long(params: Mapping[str, Value]) -> bool:
    for one in params.values():
        if isinstance(one, Row) and one.kind == PERIOD:
            ends, begins = one.fields["ends"], one.fields["begins"]
            if isinstance(ends, datetime) and isinstance(begins, datetime):
                return ends - begins > LONG
    return False


def _file(form: ReportForm, params: Mapping[str, Value], wanted: str, author: str) -> File:
    with in_russian():  # sheets are in the plant's language
        filled = book(program(), form, params, author)
        content = render_csv(filled) if wanted == CSV else workbook(program(), filled)
    name = f"{filled.file.removesuffix(f'.{XLSX}')}.{wanted}"
    return File(form.report, form.title, name, exports.MIMES[wanted], content)


def _paper(request: HttpRequest, document: str, params: Mapping[str, Value]) -> HttpResponse:
    """Print the paper of the record that was chosen; it is kept like every paper, as a PDF it is
    but given."""
    (record,) = (one for one in params.values() if isinstance(one, Row))
    kind = document.removesuffix(pdf.ENDING)
    wanted = Paper(f"office:{uuid4()}", kind, record.kind, record.id, str(acting(request).pk))
    name, content, stored = PaperMaker(program(), open_files())(wanted)
    if document == kind or stored.mime == pdf.MIME:
        return exports.answer(name, stored.mime, content)
    return exports.answer(files.pdf_name(name), pdf.MIME, pdf.printed(content))


def _record(
    request: HttpRequest, form: ReportForm, params: Mapping[str, Value], wanted: str
) -> None:
    words = {"form": wanted, "params": ", ".join(_said(form, params)) or "—"}
    exports.record(request, Document, form.title, acts.REPORTED.with_values(words))


def _said(form: ReportForm, params: Mapping[str, Value]) -> Iterator[str]:
    for name, value in params.items():
        yield f"{form.params[name].title}: {show(value)}"
