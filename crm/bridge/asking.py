"""What is asked of a report in a command line, as values: dates and numbers as people write them,
rows of catalogues by their names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from crm.bridge.catalogues import DjangoCatalogues
from crm.bridge.listing import catalogues
from crm.bridge.records import find, row_of
from engine.documents.reports import period
from engine.errors import EngineError
from engine.expressions.known import type_of
from engine.expressions.types import Choice, Date, Integer, Moment, Number, Record, Text, bare
from engine.model.values import Option, Value
from engine.schema.report import PERIOD, ReportForm

DAY, MOMENT = "%d.%m.%Y", "%d.%m.%Y %H:%M"


class NotUnderstood(ValueError):
    """A parameter that cannot be read; the words are for who typed it."""


def read_params(form: ReportForm, given: Mapping[str, str], begins: time) -> dict[str, Value]:
    """Return the parameters of a report by their types. Raises NotUnderstood."""
    unknown = given.keys() - form.params.keys()
    if unknown:
        known = ", ".join(form.params) or "их у этого отчёта нет"
        raise NotUnderstood(f"нет параметра «{min(unknown)}»; параметры: {known}")
    missing = [
        name
        for name, param in form.params.items()
        if name not in given
        and param.default is None
        and param.type != PERIOD
        and not param.type.endswith("?")
    ]
    if missing:
        title = form.params[missing[0]].title
        raise NotUnderstood(f"нужен параметр «{missing[0]}» ({title}): --param {missing[0]}=…")
    return {name: _read(name, form.params[name].type, text, begins) for name, text in given.items()}


def _read(name: str, notation: str, text: str, begins: time) -> Value:
    try:
        value = _value(notation, text.strip(), begins)
    except (ValueError, InvalidOperation, EngineError) as error:
        raise NotUnderstood(f"параметр «{name}»: не понять «{text}»") from error
    if value is None:
        raise NotUnderstood(f"параметр «{name}»: нет такого «{text}»")
    return value


def _value(notation: str, text: str, begins: time) -> Value:
    if notation == PERIOD:
        first, _, last = text.partition("-")
        one = _day(first)
        return period(one, _day(last) if last else one, begins, timezone.get_current_timezone())
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
    for name, catalogue in catalogues().items():
        if catalogue.kind == kind:
            option = DjangoCatalogues().exact(name, text)
            return row_of(find(kind, option.code)) if option else None
    return row_of(find(kind, text))
