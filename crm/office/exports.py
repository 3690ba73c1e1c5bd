"""A filtered list as a file: a workbook of the fast writer, or CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from crm.office.columns import title_of, value_of
from engine.documents.formats import GENERAL
from engine.documents.plain import Plain, write_rows
from engine.documents.separated import MIME as CSV
from engine.documents.separated import write_csv
from engine.documents.xlsx import MIME as XLSX

AT_ONCE = 2000  # rows read from the database at a time
MIMES: Mapping[str, str] = {"xlsx": XLSX, "csv": CSV}
FORMATS = ((DateTimeField, "dd.mm.yyyy hh:mm"), (DateField, "dd.mm.yyyy"))


def write(form: str, page: Any, title: str, names: Sequence[str], rows: QuerySet[Any]) -> bytes:
    """Return the rows of a list as a file: the columns of a page by their names, numbers and dates
    as what they are."""
    return file(form, title, [_column(page, name) for name in names], _lines(page, names, rows))


def file(form: str, title: str, columns: Sequence[Plain], lines: Iterator[list[Any]]) -> bytes:
    """Return lines under titles as a file of one of the forms."""
    return _WRITERS[form](title, columns, lines)


def given(
    request: HttpRequest, model: type[Model], title: str, form: str, content: bytes
) -> HttpResponse:
    """Answer with a file and put on record who took it, with which filter."""
    text = gettext("Экспорт: {form}, отбор «{query}»")
    record(request, model, title, text.format(form=form, query=request.GET.urlencode()))
    return answer(f"{title}.{form}", MIMES[form], content)


def record(request: HttpRequest, model: type[Model], title: str, text: str) -> None:
    """Put on record that an account took something of a model."""
    LogEntry.objects.create(
        user_id=int(request.user.pk or 0),
        content_type=ContentType.objects.get_for_model(model),
        object_repr=title[:200],
        action_flag=CHANGE,
        change_message=text,
    )


def answer(name: str, mime: str, content: bytes) -> HttpResponse:
    """Answer with a file to save."""
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _lines(page: Any, names: Sequence[str], rows: QuerySet[Any]) -> Iterator[list[Any]]:
    records = rows.iterator(AT_ONCE)
    while some := list(islice(records, AT_ONCE)):
        page.beside(some)
        for record in some:
            yield [value_of(page, name, record) for name in names]


def _column(page: Any, name: str) -> Plain:
    method = getattr(page, name, None)
    told = getattr(method, "excel", "")
    return Plain(title_of(page, name), told or _format(page, getattr(method, "raw", name)))


def _format(page: Any, name: str) -> str:
    """Return how the values of a column of the table are shown; of any other, as they are."""
    try:
        field = page.model._meta.get_field(name)
    except FieldDoesNotExist:
        return GENERAL
    return next((excel for kind, excel in FORMATS if isinstance(field, kind)), GENERAL)


def _csv(_title: str, columns: Sequence[Plain], lines: Iterator[list[Any]]) -> bytes:
    return write_csv([[column.title for column in columns], *lines])


_WRITERS: Mapping[str, Callable[[str, Sequence[Plain], Iterator[list[Any]]], bytes]] = {
    "xlsx": write_rows,
    "csv": _csv,
}
