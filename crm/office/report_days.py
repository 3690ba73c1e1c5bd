"""A report day by day (domain 11.2 «Отчёты», 4.40): a line for each production day, made by itself,
and the corrected workbooks that people sent back, each computed again and kept as a version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from crm.bridge.files import open_files
from crm.bridge.papers import File, keep
from crm.documents.models import Document
from crm.documents.operations.issue import EDITION
from crm.ledger.models import Event
from crm.office import acts, exports, files
from crm.office.asked import spoken
from crm.office.base import acting
from crm.office.filters import day_of
from crm.office.language import said
from crm.office.reports import has_days, readable
from crm.production.day import production_day
from engine.documents.errors import BadLayout
from engine.documents.recalculated import Recalculated, recalculate
from engine.documents.xlsx import MIME
from engine.schema.report import ReportForm

RIGHT = "documents.add_document"
SHOWN = 31  # days, unless others are asked for
MOST = 400  # days of one page
LARGEST = 20 * 1024 * 1024  # bytes of a corrected workbook


@dataclass(frozen=True, slots=True)
class Version:
    """A corrected workbook that was kept: its place among those of its day."""

    index: int
    document: Document

    @property
    def link(self) -> str:
        """A link to the file that expires."""
        return files.download(self.document)


@dataclass(frozen=True, slots=True)
class Day:
    """A line: a production day with the corrected workbooks of its report."""

    day: date
    versions: list[Version]


@require_safe
def report_days(request: HttpRequest, report: str, site: Any) -> HttpResponse:
    """Show the days of a report, the newest first."""
    return _page(request, _form(request, report), site)


@require_POST
def report_recalculated(request: HttpRequest, report: str, site: Any) -> HttpResponse:
    """Compute a corrected workbook again, keep it as the next version of its day, and say which
    cells were changed and which rows lack a number. No fact of the plant is touched."""
    form = _form(request, report)
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    day, given = day_of(request.POST.get("day")), request.FILES.get("file")
    if day is None or given is None:
        return _page(request, form, site, error=gettext("Укажите день и файл .xlsx"))
    if (given.size or 0) > LARGEST:
        return _page(request, form, site, error=gettext("Файл больше 20 МБ"))
    try:
        made = recalculate(given.read())
    except BadLayout as error:
        return _page(request, form, site, error=said(error.message))
    name = f"{form.title} {day:%d.%m.%Y}, {gettext('версия')} {EDITION}.xlsx"
    file = File(form.report, form.title, name, MIME, made.content, number=day.isoformat())
    now = timezone.localtime()
    keep(open_files(), f"recalculated:{uuid4()}", acting(request), file, now)
    words = {"day": f"{day:%d.%m.%Y}", "cells": ", ".join(made.changed) or "—"}
    exports.record(request, Document, form.title, acts.COUNTED_AGAIN.with_values(words))
    return _page(request, form, site, made=made)


def _form(request: HttpRequest, report: str) -> ReportForm:
    form = readable(request).get(report)
    if form is None:
        raise PermissionDenied
    if not has_days(form):
        raise Http404
    return form


def _page(
    request: HttpRequest,
    form: ReportForm,
    site: Any,
    *,
    error: str = "",
    made: Recalculated | None = None,
) -> HttpResponse:
    today = production_day(timezone.now())
    last = min(day_of(request.GET.get("to")) or today, today)
    first = day_of(request.GET.get("from")) or max(_begin(today), last - timedelta(days=SHOWN - 1))
    first = max(first, last - timedelta(days=MOST - 1))
    context = {
        **site.each_context(request),
        "title": gettext("{report} по дням").format(report=spoken(form.title)),
        "called": spoken(form.title),
        "form": form,
        "param": next(iter(form.params)),
        "days": list(_days(form, first, last)),
        "first": first,
        "last": last,
        "address": reverse("admin:report", args=[form.report]),
        "upload": reverse("admin:report_recalculated", args=[form.report]),
        "may_upload": form.is_form and request.user.has_perm(RIGHT),
        "error": error,
        "made": made,
    }
    return TemplateResponse(request, "office/report_days.html", context)


def _begin(today: date) -> date:
    """Return the first production day on which anything was booked."""
    first = Event.objects.order_by("occurred_at").values_list("occurred_at", flat=True).first()
    return production_day(first) if first else today


def _days(form: ReportForm, first: date, last: date) -> Iterator[Day]:
    versions = _versions(form, first, last)
    day = last
    while day >= first:
        yield Day(day, versions.get(day, []))
        day -= timedelta(days=1)


def _versions(form: ReportForm, first: date, last: date) -> Mapping[date, list[Version]]:
    """Return the corrected workbooks of days: their documents are numbered by the day."""
    rows = Document.objects.filter(
        kind=form.report, number__gte=first.isoformat(), number__lte=last.isoformat()
    )
    found: dict[date, list[Version]] = defaultdict(list)
    for one in rows.select_related("created_for").order_by("edition", "pk"):
        mine = found[date.fromisoformat(one.number)]
        mine.append(Version(len(mine) + 1, one))
    return found
