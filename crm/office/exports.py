"""A filtered list as a file: a workbook of the fast writer, or CSV; a long one beside the
requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any, Protocol

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from crm.bridge.papers import File
from crm.made_rows import chunks
from crm.office import acts
from crm.office.amounts import without_unread
from crm.office.columns import reader, title_of
from crm.office.language import in_russian
from crm.office.links import list_link
from crm.office.made import Progress, asked_again, begin
from engine.documents.formats import GENERAL
from engine.documents.plain import Plain, write_rows
from engine.documents.separated import MIME as CSV
from engine.documents.separated import write_csv
from engine.documents.xlsx import MIME as XLSX
from engine.model.values import show_number

AT_ONCE = 2000  # rows read from the database at a time; a list of no more is given at once
MOST = 100_000  # rows of a file
MIMES: Mapping[str, str] = {"xlsx": XLSX, "csv": CSV}
FORMATS = ((DateTimeField, "dd.mm.yyyy hh:mm"), (DateField, "dd.mm.yyyy"))


class Exported(Protocol):
    """What can be had as a file: what it is of, how many rows, where it is asked for."""

    @property
    def title(self) -> str:
        """What the file is called."""

    @property
    def model(self) -> type[Model]:
        """Of which kind of record the log is told that it was taken."""

    def count(self, most: int) -> int:
        """Return how many rows there are, up to about a number."""

    def back(self, query: str) -> str:
        """Return the address of its page."""

    def write(self, form: str, progress: Progress) -> File:
        """Return the file, saying how many rows were written."""


@dataclass(frozen=True, slots=True)
class List:
    """What is exported of a list: the columns of a page by their names, numbers and dates as what
    they are."""

    page: Any
    names: Sequence[str]
    rows: QuerySet[Any]

    @property
    def title(self) -> str:
        """What the list is called."""
        return str(self.page.list_name)

    @property
    def model(self) -> type[Model]:
        """The kind of its records."""
        model: type[Model] = self.page.model
        return model

    def count(self, most: int) -> int:
        """Return how many rows there are, up to a number."""
        return self.rows.order_by().values("pk")[:most].count()

    def back(self, query: str) -> str:
        """Return the address of the list."""
        return f"{list_link(self.model)}?{query}"

    def write(self, form: str, progress: Progress) -> File:
        """Return the file, saying how many rows were written."""
        columns = [_column(self.page, name) for name in self.names]
        totals = self.page.totals
        sums = [at for at, name in enumerate(self.names) if _raw(self.page, name) in totals]
        content = file(form, self.title, columns, summed(self._lines(progress), sums))
        return File("export", self.title, f"{self.title}.{form}", MIMES[form], content)

    def _lines(self, progress: Progress) -> Iterator[list[Any]]:
        readers = [reader(self.page, name) for name in self.names]
        rows = without_unread(self.rows, {_raw(self.page, name) for name in self.names})
        for some in chunks(rows, AT_ONCE):
            self.page.beside(some)
            for record in some:
                yield [read(record) for read in readers]
            progress.more(len(some))


def summed(lines: Iterator[list[Any]], at: Sequence[int]) -> Iterator[list[Any]]:
    """Give lines and, below them, the sums of those columns: an export has the rows and the totals
    of the screen (domain 10.10). No lines have no sum."""
    sums, width = dict.fromkeys(at, Decimal(0)), 0
    for line in lines:
        width = len(line)
        for place in sums:
            sums[place] += line[place] or 0
        yield line
    if sums and width:
        yield [gettext("Итого"), *(sums.get(place) for place in range(1, width))]


def file(form: str, title: str, columns: Sequence[Plain], lines: Iterator[list[Any]]) -> bytes:
    """Return lines under titles as a file of one of the forms."""
    return _WRITERS[form](title, columns, lines)


def give(request: HttpRequest, wanted: Exported, form: str) -> HttpResponse:
    """Answer with the file of a list, or, of a long one, with the page that waits for it; put on
    record who took it, with which filter."""
    count = wanted.count(MOST + 1)
    if count > MOST:
        text = gettext("В файл выгружают не больше {most} строк. Сузьте отбор")
        messages.error(request, text.format(most=show_number(MOST)))
        return HttpResponseRedirect(wanted.back(request.GET.urlencode()))
    with in_russian():  # the title goes on record
        taken(request, wanted.model, wanted.title, form)
    progress = Progress(all=count)
    if count <= AT_ONCE and asked_again(request) is None:
        made = wanted.write(form, progress)
        return answer(made.name, made.mime, made.content)

    def make(progress: Progress) -> File:
        progress.all = count
        return wanted.write(form, progress)

    return HttpResponseRedirect(reverse("admin:made", args=[begin(request, wanted.title, make)]))


def taken(request: HttpRequest, model: type[Model], title: str, form: str) -> None:
    """Put on record that an account took a list, with which filter."""
    words = {"form": form, "query": request.GET.urlencode()}
    record(request, model, title, acts.EXPORTED.with_values(words))


def record(request: HttpRequest, model: type[Model], title: str, text: str) -> None:
    """Put on record that an account took something of a model, once."""
    if asked_again(request) is not None:
        return
    LogEntry.objects.create(
        user_id=int(request.user.pk or 0),
        content_type=ContentType.objects.get_for_model(model),
        object_repr=str(title)[:200],
        action_flag=CHANGE,
        change_message=str(text),
    )


def answer(name: str, mime: str, content: bytes) -> HttpResponse:
    """Answer with a file to save."""
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _column(page: Any, name: str) -> Plain:
    told = getattr(getattr(page, name, None), "excel", "")
    return Plain(title_of(page, name), told or _format(page, _raw(page, name)))


def _raw(page: Any, name: str) -> str:
    """Return which value of a record a column shows."""
    raw: str = getattr(getattr(page, name, None), "raw", name)
    return raw


def _format(page: Any, name: str) -> str:
    """Return how the values of a column of the table are shown; of any other, as they are."""
    try:
        field = page.model._meta.get_field(name)
    except FieldDoesNotExist:
        return GENERAL
    return next((excel for kind, excel in FORMATS if isinstance(field, kind)), GENERAL)


def _csv(_title: str, columns: Sequence[Plain], lines: Iterator[list[Any]]) -> bytes:
    return write_csv(chain([[column.title for column in columns]], lines))


_WRITERS: Mapping[str, Callable[[str, Sequence[Plain], Iterator[list[Any]]], bytes]] = {
    "xlsx": write_rows,
    "csv": _csv,
}
