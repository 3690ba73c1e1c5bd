"""Values of any type of the Vocabulary, as many and as long as wanted: what facts could answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.expressions.known import type_of
from engine.expressions.types import (
    Choice,
    Date,
    Duration,
    Integer,
    ListOf,
    Moment,
    Number,
    Optional,
    Record,
    Text,
    Truth,
    Type,
    bare,
)
from engine.model.values import Option, Row, Value
from engine.model.vocabulary import Vocabulary

DEEPEST = 3  # records inside records
NOW = datetime(2026, 11, 24, 8, 5, tzinfo=ZoneInfo("Europe/Moscow"))
WORDS = ("Каркас", "Шея", "Киль", "Птицефабрика «Примерная»", "Спинка ЦБ целая", "2411/3")


def rows(vocabulary: Vocabulary, kind: str, count: int, text: str = "") -> Iterator[Row]:
    """Rows of a kind. Every third value that may be missing is; `text` stands for every text."""
    return (_row(vocabulary, kind, number, 1, text) for number in range(1, count + 1))


def one(vocabulary: Vocabulary, notation: str) -> Value:
    """A value of a type that is no list of rows."""
    return _value(vocabulary, bare(type_of(notation)), 1, 1, "")


def _row(vocabulary: Vocabulary, kind: str, number: int, depth: int, text: str) -> Row:
    fields: dict[str, Value] = {}
    for at, (name, notation) in enumerate(vocabulary.records[kind].items()):
        found = type_of(notation)
        missing = isinstance(found, Optional) and (number + at) % 3 == 0
        fields[name] = (
            None if missing else _value(vocabulary, bare(found), number + at, depth, text)
        )
    title = text or str(fields.get("name") or fields.get("number") or number)
    return Row(kind, str(number), title, fields)


def _value(vocabulary: Vocabulary, kind: Type, number: int, depth: int, text: str) -> Value:
    match kind:
        case Text():
            return text or WORDS[number % len(WORDS)]
        case Integer():
            return number
        case Number():
            return Decimal(number * 1001).scaleb(-2)
        case Truth():
            return number % 2 == 0
        case Moment():
            return NOW - timedelta(hours=number % 5000)
        case Date():
            return date(2026, 11, 24) - timedelta(days=number % 900)
        case Duration():
            return timedelta(minutes=number * 7)
        case Choice(options):
            code = options[number % len(options)]
            return Option(code, text or code)
        case Record(record) if depth < DEEPEST and record in vocabulary.records:
            return _row(vocabulary, record, number % 4, depth + 1, text)
        case ListOf(Record(record)) if depth < DEEPEST:
            return tuple(_row(vocabulary, record, one, depth + 1, text) for one in range(1, 4))
        case _:
            return None
