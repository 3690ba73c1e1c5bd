"""Values of the engine as operations and facts take them: records become rows of tables, choices
codes. Start at `convert`.

All rows of one call are read together, and locked in one order (kind, id): two operations that
need the same rows wait for each other and never each for the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import Model

from crm.asked_once import asked_once
from crm.bridge.just_read import JustRead
from crm.bridge.listing import lines, records
from crm.bridge.records import find_all
from crm.fact import Line
from engine.errors import EngineError
from engine.expressions.known import PERSON, type_of
from engine.expressions.types import (
    Choice,
    Integer,
    ListOf,
    Number,
    Opaque,
    Person,
    Record,
    Text,
    Type,
    bare,
)
from engine.model.conversation import Answer
from engine.model.values import Option, Row, Value
from engine.schema.report import PERIOD

Key = tuple[str, str]  # kind and id of a record
Find = Callable[[Key], Model | None]
NO_ANSWERS: Mapping[str, str] = MappingProxyType({})


def convert(
    values: Sequence[Value],
    types: Sequence[str],
    answers: Mapping[str, str] = NO_ANSWERS,
    *,
    lock: bool = False,
    read: JustRead | None = None,
) -> list[Any]:
    """Return values by their types, as `crm.operation.Operation` says; `answers` are the types of
    what stands inside `answers`. With `lock` the rows of kinds that have a state, or say so, are
    locked; `read` are rows that need not be read again.

    Raises EngineError for a record that is not there and for a value that does not fit."""
    kinds = [bare(type_of(notation)) for notation in types]
    wanted: set[Key] = set()
    there: dict[Key, Model] = {}
    for value in values if read is not None else ():
        row = read.row(value) if read is not None and isinstance(value, Row) else None
        if row is not None and isinstance(value, Row):
            there[value.kind, value.id] = row

    def note(key: Key) -> None:
        wanted.add(key)

    for value, kind in zip(values, kinds, strict=True):
        _value(value, kind, answers, note)
    unread = frozenset(wanted - there.keys())
    rows = there | (find_all(unread, lock=True) if lock else _known(unread))
    return [
        _value(value, kind, answers, rows.__getitem__)
        for value, kind in zip(values, kinds, strict=True)
    ]


@asked_once
def _known(wanted: frozenset[Key]) -> dict[Key, Model]:
    return find_all(wanted, lock=False)


def _value(value: Value, kind: Type, answers: Mapping[str, str], found: Find) -> Any:
    if value is None:
        return None
    match kind:
        case ListOf(item):
            return tuple(_value(one, bare(item), answers, found) for one in _listed(value))
        case Person():
            return _record(value, PERSON, answers, found)
        case Record(name):
            return _record(value, name, answers, found)
        case Opaque("answers"):
            return _answers(value, answers, found)
        case Choice():
            return (value.code or value.title) if isinstance(value, Option) else value
        case Text():
            return value.title if isinstance(value, Option | Row) else value
        case Integer():
            return int(_number(value))
        case Number():
            return _number(value)
        case _:
            return value


def _record(value: Value, kind: str, answers: Mapping[str, str], found: Find) -> Any:
    if isinstance(value, Option):
        return value.title if value.typed else found((kind, value.code))
    if not isinstance(value, Row):
        raise EngineError(f"{kind} is no {type(value).__name__}")
    if kind == PERIOD:
        return value.fields["begins"], value.fields["ends"]
    if kind in records():
        return found((kind, value.id))
    if kind not in lines():
        raise EngineError(f"there are no records of the kind {kind}")
    fields = {
        name: _value(value.fields.get(name), bare(type_of(notation)), answers, found)
        for name, notation in lines()[kind].items()
    }
    return Line(value.id, value.title, fields)


def _answers(value: Value, types: Mapping[str, str], found: Find) -> dict[str, Answer]:
    """Return the answers, with the values converted whose types are known."""
    given = value if isinstance(value, Mapping) else {}
    kinds = {name: bare(type_of(types[name])) for name in given if name in types}
    return {
        name: replace(answer, value=_value(answer.value, kinds[name], types, found))
        if name in kinds
        else answer
        for name, answer in given.items()
    }


def _listed(value: Value) -> Sequence[Value]:
    if not isinstance(value, tuple | list):
        raise EngineError(f"a {type(value).__name__} is no list")
    return value


def _number(value: Value) -> Decimal:
    number = value.number if isinstance(value, Option) else value
    if not isinstance(number, Decimal | int):
        raise EngineError(f"a {type(value).__name__} is no number")
    return Decimal(number)
