"""Made-up values of the Vocabulary's types, so that a flow can be gone through on a plant of which
nobody has written anything. Start at `Maker`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.expressions.types import (
    Choice,
    Date,
    DayTime,
    Duration,
    Files,
    Integer,
    ListOf,
    Moment,
    Number,
    Optional,
    Person,
    Record,
    Text,
    Truth,
    Type,
    read_type,
)
from engine.model.files import DOCX, PDF, XLSX, FileRef
from engine.model.values import Option, Row, Value
from engine.model.vocabulary import Vocabulary

SHARES = tuple(map(Decimal, ("20", "0", "65.5", "100")))  # %: these and no others are plausible
AMOUNTS = tuple(map(Decimal, ("45", "1200", "0", "7.5", "300")))
COUNTS = (Decimal(1), Decimal(2), Decimal(0), Decimal(45), Decimal(7))
MANY, ONE, NONE, VERY_MANY = 0, 1, 2, 3  # how long a made-up list is, by its number
LENGTHS = {MANY: 10, ONE: 1, NONE: 0}
DEEPEST, INNER = 3, 3  # records within records, members of a list within a record
LONG_TEXT = "очень длинное название, какое бывает у накладной поставщика из другого города"
NOBODY = Row("person", "1", "Образцов О. О.", {"full_name": "Образцов О. О."})
MIMES = {"docx": DOCX, "xlsx": XLSX, "pdf": PDF}


def picture(number: int, kind: str = "") -> FileRef:
    """Return a file that a worker may send; each number is another content."""
    mime = MIMES.get(kind, "image/jpeg")
    name = f"файл {number}.{kind}" if kind else ""
    return FileRef(
        f"temporary/2026/11/{number:032x}{kind}", f"{number:060x}{kind}", 52_000, mime, name
    )


def written(value: Value) -> Any:
    """Return a value as samples write it: a record as a mapping."""
    if not isinstance(value, Row):
        return value
    return {"kind": value.kind, "id": value.id, "title": value.title, "fields": dict(value.fields)}


@dataclass
class Maker:
    """Makes values by number: another number, another value, the same one each time.

    `person` is who is named, `most` the length of a very long list. By kind: `order` the numbers
    of the records that come first, `rows` the rows of its catalogue. By (kind, field): `states`
    the states that are wanted, `allowed` the only values that a field may have."""

    vocabulary: Vocabulary
    now: datetime
    states: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    person: Row = NOBODY
    most: int = 12
    order: dict[str, tuple[int, ...]] = field(default_factory=dict)
    allowed: dict[tuple[str, str], tuple[Value, ...]] = field(default_factory=dict)
    rows: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    _made: dict[tuple[Type, int, int], Value] = field(default_factory=dict)

    def of(self, notation: str, at: int) -> Value:
        """Make a value of a type in the Vocabulary's notation."""
        return self.value(read_type(notation), at)

    def prefer(self, kind: str, order: tuple[int, ...]) -> None:
        """Let the records of a kind with these numbers come first."""
        self.order[kind] = order
        self._made.clear()

    def value(self, kind: Type, at: int, depth: int = 0) -> Value:
        """Make a value."""
        key = (kind, at, depth)
        if key not in self._made:
            self._made[key] = self._fresh(kind, at, depth)
        return self._made[key]

    def _fresh(self, kind: Type, at: int, depth: int) -> Value:
        match kind:
            case Optional(item):
                return None if at % 4 == 3 else self.value(item, at, depth)
            case Record(name):
                return self._record(name, at, depth)
            case ListOf(item):
                return self._list(item, at, depth)
            case Choice(options):
                return options[at % len(options)]
            case Integer():
                return COUNTS[at % len(COUNTS)]
            case Number(unit):
                pool = SHARES if unit == "%" else AMOUNTS
                return pool[at % len(pool)]
            case Files():
                return (picture(at),)
            case Person():
                return self.person
            case _:
                return self._plain(kind, at)

    def _plain(self, kind: Type, at: int) -> Value:
        match kind:
            case Text():
                return LONG_TEXT if at % 5 == 4 else f"Образец {at + 1}"
            case Truth():
                return at % 2 == 0
            case Date():
                return self.now.date() - timedelta(days=at)
            case Moment():
                return self.now - timedelta(hours=at)
            case DayTime():
                return time(7 + at % 12, 30)
            case Duration():
                return timedelta(hours=at + 1)
            case _:
                return None

    def _list(self, item: Type, at: int, depth: int) -> Value:
        length = LENGTHS.get(at % (VERY_MANY + 1), self.most)
        length = min(length, INNER) if depth else length
        return tuple(self.value(item, number, depth) for number in range(length))

    def _record(self, kind: str, at: int, depth: int) -> Row:
        first = self.order.get(kind, ())
        if at < len(first):
            at = first[at]
        return self.numbered(kind, at, depth)

    def numbered(self, kind: str, at: int, depth: int = 0) -> Row:
        """Make the record of a kind with a number, whatever comes first."""
        fields: dict[str, Value] = dict.fromkeys(self.vocabulary.records.get(kind, {}))
        identity = f"imagined-{kind}-{at + 1}"  # no record of the samples is called so
        if depth < DEEPEST:
            for name, notation in self.vocabulary.records.get(kind, {}).items():
                fields[name] = self._field(kind, name, notation, at, depth)
        rows = self.rows.get(kind, ())
        if rows:
            fields["name"] = rows[at % len(rows)].title
            return Row(kind, rows[at % len(rows)].code, rows[at % len(rows)].title, fields)
        title = fields.get("number") or fields.get("name") or identity
        return Row(kind, identity, str(title), fields)

    def _field(self, kind: str, name: str, notation: str, at: int, depth: int) -> Value:
        wanted = self.states.get((kind, name), ())
        parsed = read_type(notation)
        if wanted and isinstance(parsed, Choice):
            order = (*wanted, *(one for one in parsed.options if one not in wanted))
            return order[at % len(order)]
        among = self.allowed.get((kind, name))
        if among:
            return among[at % len(among)]
        if name == "number" and isinstance(parsed, Text | Optional):
            return f"{at + 1:02}11/{at + 3}" if not _is_number(parsed) else self._index(at)
        if name == "number":
            return self._index(at)
        if name == "name":
            return f"Образец {at + 1}"
        return self.value(parsed, at, depth + 1)

    def _index(self, at: int) -> Value:
        return Decimal(at + 1)


def _is_number(kind: Type) -> bool:
    item = kind.item if isinstance(kind, Optional) else kind
    return isinstance(item, Number)
