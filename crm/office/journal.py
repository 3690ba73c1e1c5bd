"""«Журнал» (domain 11.2, 14.10): who did what to which record, what became of what, why. A page
reads its lines by the one beside which it begins (`journal_lines.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crm.bridge.papers import File
from crm.office import exports
from crm.office.card import Table, cell
from crm.office.journal_lines import KINDS, Key, Line, Wanted, key_in, lines_of, models, page_of
from crm.office.made import Progress
from engine.documents.plain import Plain

RIGHT = "admin.view_logentry"
HEADERS = (_("Когда"), _("Вид"), _("Что"), _("Запись"), _("Кто"), _("Было"), _("Стало"),
           _("Причина"))  # fmt: skip
FORMATS = ("dd.mm.yyyy hh:mm:ss",)
TURNED = ("before", "after")  # of an address: which page is open


@dataclass(frozen=True, slots=True)
class Lines:
    """The wanted lines as a file."""

    wanted: Wanted
    model: type[Model] = LogEntry

    @property
    def title(self) -> str:
        """What the file is called."""
        return gettext("Журнал")

    def count(self, most: int) -> int:
        """Return how many lines there are, up to about a number."""
        return self.wanted.count(most)

    def back(self, query: str) -> str:
        """Return the address of the page."""
        return f"{reverse('admin:journal')}?{query}"

    def write(self, form: str, progress: Progress) -> File:
        """Return the file, saying how many lines were written."""
        formats = (*FORMATS, *("" for _header in HEADERS[len(FORMATS) :]))
        columns = [
            Plain(str(header), told) if told else Plain(str(header))
            for header, told in zip(HEADERS, formats, strict=True)
        ]
        content = exports.file(form, self.title, columns, self._rows(progress))
        return File("export", self.title, f"{self.title}.{form}", exports.MIMES[form], content)

    def _rows(self, progress: Progress) -> Iterator[list[Any]]:
        for some in lines_of(self.wanted, exports.AT_ONCE):
            for line in some:
                yield [timezone.localtime(line.key.at), str(line.kind), *_texts(line)]
            progress.more(len(some))


@require_safe
def journal(request: HttpRequest, site: Any) -> HttpResponse:
    """Show a page of the journal."""
    wanted = _allowed(request)
    back = "after" in request.GET
    page = page_of(wanted, key_in(request.GET.get("after" if back else "before", "")), back=back)
    query = _filter(request)
    context = {
        **site.each_context(request),
        "title": gettext("Журнал"),
        "wanted": wanted,
        "kinds": [(one.code, one.title) for one in KINDS],
        "known": _known(site),
        "table": _table(page.lines),
        "turns": [
            (title, f"?{query}{'&' if query else ''}{turn}")
            for title, turn in _turns(page.newer, page.older)
        ],
        "exports": [
            (title, f"{reverse('admin:journal_export', args=[form])}?{query}")
            for form, title in (("xlsx", "Excel"), ("csv", "CSV"))
        ],
    }
    return TemplateResponse(request, "office/journal.html", context)


@require_POST
def journal_export(request: HttpRequest, form: str) -> HttpResponse:
    """Give the wanted lines as a file."""
    wanted = _allowed(request)
    if form not in exports.MIMES:
        raise Http404
    return exports.give(request, Lines(wanted), form)


def _allowed(request: HttpRequest) -> Wanted:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    return Wanted.of(request.GET)


def _known(site: Any) -> list[tuple[str, str]]:
    """Return the kinds of records that have a page here, by what they are called."""
    named = {name: str(one._meta.verbose_name) for name, one in models().items()
             if site.is_registered(one)}  # fmt: skip
    return sorted(named.items(), key=lambda one: one[1].lower())


def _filter(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in TURNED:
        query.pop(name, None)
    return query.urlencode()


def _turns(newer: Key | None, older: Key | None) -> Iterator[tuple[str, str]]:
    """Give the ways to other pages; a mark holds only what an address may."""
    if newer:
        yield gettext("К новым"), ""
        yield gettext("Новее"), f"after={_quoted(newer)}"
    if older:
        yield gettext("Старше"), f"before={_quoted(older)}"
        yield gettext("К первым"), "after="


def _quoted(key: Key) -> str:
    return str(key).replace("+", "%2B")


def _table(lines: list[Line]) -> Table:
    rows = [
        (
            cell(line.key.at),
            cell(line.kind),
            cell(line.what),
            line.subject,
            line.who,
            cell(line.old),
            cell(line.new),
            cell(line.reason),
        )
        for line in lines
    ]
    empty = gettext("Журнал пишется сам, когда кто-то что-то делает. Под этот отбор ничего нет.")
    return Table(gettext("Что было"), HEADERS, rows, empty=empty)


def _texts(line: Line) -> list[str | None]:
    found = (line.what, line.subject.text, line.who.text, line.old, line.new, line.reason)
    return [text or None for text in found]
