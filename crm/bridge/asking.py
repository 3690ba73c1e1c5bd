"""What is asked of a report, typed in a command line or in the office, as values: dates and numbers
as people write them, rows of catalogues by their names, lots by their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from crm.bridge.catalogues import DjangoCatalogues
from crm.bridge.listing import catalogues
from crm.bridge.records import RECORDS, find, row_of
from crm.production.lots import find_lots, named
from engine.documents.reports import period
from engine.errors import EngineError
from engine.expressions.known import type_of
from engine.expressions.types import Choice, Date, Integer, Moment, Number, Record, Text, bare
from engine.model.values import Option, Value
from engine.schema.report import PERIOD, ParamForm, ReportForm

DAY, MOMENT = "%d.%m.%Y", "%d.%m.%Y %H:%M"
MOST = 500  # rows of a catalogue, or the newest records of a kind, that are offered
LOT = "lot"  # asked for by the number that people use


class NotUnderstood(ValueError):
    """A parameter that cannot be read; the words are for who typed it, `param` is its name."""

    def __init__(self, words: str, param: str) -> None:
        super().__init__(words)
        self.param = param


class Several(ValueError):
    """A number that several records have; the words are those that tell them apart."""


def read_params(form: ReportForm, given: Mapping[str, str], begins: time) -> dict[str, Value]:
    """Return the parameters of a report by their types. Raises NotUnderstood."""
    unknown = given.keys() - form.params.keys()
    if unknown:
        known = ", ".join(form.params) or "их у этого отчёта нет"
        name = min(unknown)
        raise NotUnderstood(f"нет параметра «{name}»; параметры: {known}", name)
    missing = [
        name
        for name, param in form.params.items()
        if name not in given
        and param.default is None
        and param.type != PERIOD
        and not param.type.endswith("?")
    ]
    if missing:
        name, title = missing[0], form.params[missing[0]].title
        raise NotUnderstood(f"нужен параметр «{name}» ({title}): --param {name}=…", name)
    return {name: _read(name, form.params[name], text, begins) for name, text in given.items()}


def offer(param: ParamForm) -> tuple[str, list[tuple[str, str]]]:
    """Return what a parameter is filled in with, `choice`, `day` or `text`; of a choice what there
    is to choose: what `read_params` takes, and what people read."""
    match bare(type_of(param.type)):
        case Date():
            return "day", []
        case Choice(codes):
            return "choice", [(code, code) for code in codes]
        case Record(kind) if kind != LOT:
            return "choice", list(_rows(kind))
    return "text", []


def _rows(kind: str) -> Iterator[tuple[str, str]]:
    """Give what may be chosen of a kind: a catalogue by its names, other records by their ids, the
    newest first."""
    names = _catalogues(kind)
    for name in names:
        options = DjangoCatalogues().page(name, "", 0, MOST).options
        yield from ((option.title, option.title) for option in options)
    if names:
        return
    for row in RECORDS[kind].model._default_manager.order_by("-pk")[:MOST]:
        yield str(row.pk), RECORDS[kind].title(row)


def _read(name: str, param: ParamForm, text: str, begins: time) -> Value:
    try:
        value = _value(param.type, text.strip(), begins)
    except Several as error:
        words = f"параметр «{name}»: под «{text}» несколько: {error}"
        raise NotUnderstood(words, name) from error
    except (ValueError, InvalidOperation, EngineError) as error:
        raise NotUnderstood(f"параметр «{name}»: не понять «{text}»", name) from error
    if value is None:
        raise NotUnderstood(f"параметр «{name}»: нет такого «{text}»", name)
    return value


def _value(notation: str, text: str, begins: time) -> Value:
    if notation == PERIOD:
        first, _, last = text.partition("-")
        begin = _day(first)
        end = _day(last) if last else begin
        if end < begin:
            raise ValueError(text)
        return period(begin, end, begins, timezone.get_current_timezone())
    match bare(type_of(notation)):
        case Text():
            return text
        case Integer():
            return int(text)
        case Number():
            return Decimal(text.replace(",", "."))
        case Date():
            return _day(text)
        case Moment():
            moment = datetime.strptime(text, MOMENT)  # noqa: DTZ007 - the zone comes next
            return timezone.make_aware(moment)
        case Choice(options):
            return Option(text, text) if text in options else None
        case Record(kind):
            return _record(kind, text)
    return None


def _day(text: str) -> date:
    return datetime.strptime(text.strip(), DAY).date()  # noqa: DTZ007 - a day has no zone


def _record(kind: str, text: str) -> Value:
    """Return a row by its name in a catalogue, else by its id."""
    names = _catalogues(kind)
    for name in names:
        option = DjangoCatalogues().exact(name, text)
        if option is not None:
            return row_of(find(kind, option.code))
    if names:
        return None
    if kind == LOT:
        found = find_lots(text, timezone.now())
        if len(found) > 1:
            raise Several(", ".join(one.full for one in named(found).values()))
        return row_of(find(kind, str(found[0]))) if found else None
    return row_of(find(kind, text))


def _catalogues(kind: str) -> list[str]:
    return [name for name, catalogue in catalogues().items() if catalogue.kind == kind]
