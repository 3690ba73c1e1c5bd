"""Records as expressions and documents see them: rows of tables, read by `crm/<app>/records.py`.

Columns are read at once; related rows, lists, properties and annotations when they are asked for,
in the thread that read the row. Start at `row_of`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from threading import get_ident
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Field, ForeignKey, Manager, Model, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from crm.asked_once import is_remembered, lasting, remembered
from crm.bridge.connection import locked, locking
from crm.bridge.keys import key_of
from crm.bridge.listing import lines, records
from crm.by_key import Shape, members, related
from crm.fact import Line
from crm.prepared import NUMBER, Prepared
from crm.titles import titled
from engine.errors import EngineError
from engine.expressions.known import type_of
from engine.expressions.types import Choice, ListOf, Record, Type, bare
from engine.model.fields import Fields
from engine.model.values import Option, Row, Value

RECORDS = records()
KINDS: Mapping[type[Model], str] = {record.model: kind for kind, record in RECORDS.items()}
AS_THEY_ARE = {type(None), bool, int, Decimal, date}  # what expressions see of a column
READ, LOCKED = "read", "locked"  # what is remembered until a write, and until the commit
if TYPE_CHECKING:
    Column = Field[Any, Any]


def row_of(record: Model, kind: str = "", language: str | None = None) -> Row:
    """Return a row of a table with every field of the Vocabulary, as the kind that its model has
    unless another one is meant. An empty text is "not given". `language` is the active one, when
    whoever reads many rows has asked for it already."""
    kind, language = kind or KINDS[type(record)], language or get_language()
    fields: dict[str, Value] = {}
    later: dict[str, Callable[[], Value]] = {}
    reads = _Reads(record, kind)
    held = vars(record)
    for name, wanted, column, link in _seen(kind):
        if name not in held and (not link or held[link] is not None):
            later[name] = partial(reads, name, wanted)
            continue
        value = held.get(name)  # of a link that leads nowhere: nothing
        plain = type(value) in AS_THEY_ARE and (column is None or not column.choices)
        fields[name] = value if plain else _shown(value, wanted, column, language)
    return Row(kind, str(record.pk), RECORDS[kind].title(record), Fields(fields, later))


def alive(kept: Row) -> Row:
    """Return a record that was kept with its columns: what was not kept is read of its row when it
    is asked for; "not given" when the row is gone."""
    if kept.kind not in RECORDS or key_of(kept.id) is None:
        return kept
    more = _columns(kept.kind).keys() - kept.fields.keys()
    if not more:
        return kept
    reads = _Kept(kept.kind, kept.id)
    return Row(
        kept.kind,
        kept.id,
        kept.title,
        Fields(kept.fields, {name: partial(reads, name) for name in more}),
    )


def value_of(found: object, wanted: Type | None = None) -> Value:
    """Return what Python gives (a value, a row of a table, a Line, a list of them) as expressions
    see it; `wanted` is its type in the Vocabulary."""
    wanted = bare(wanted) if wanted is not None else Type()
    if isinstance(wanted, ListOf) and found is not None:
        members = _members(found) if isinstance(found, Manager) else found
        if not isinstance(members, Iterable) or isinstance(members, str):
            raise EngineError(f"a {type(found).__name__} is no list")
        return tuple(value_of(one, wanted.item) for one in members)
    match found:
        case Line(identity, title, own):
            kind = wanted.kind if isinstance(wanted, Record) else ""
            kinds = lines().get(kind, {})
            fields = {
                name: value_of(one, type_of(kinds[name]) if name in kinds else None)
                for name, one in own.items()
            }
            return Row(kind, identity, title, fields)
        case Model():
            meant = wanted.kind if isinstance(wanted, Record) else ""
            same = meant in RECORDS and RECORDS[meant].model is type(found)
            return row_of(found, meant if same else "")
        case datetime():
            return found.astimezone(timezone.get_default_timezone())
        case "":
            return None
        case str() if isinstance(wanted, Choice) and hasattr(found, "label"):
            return Option(str(found), titled(str(found.label), get_language()))
        case _:
            return found


def _members(found: Manager[Any]) -> Iterable[Model]:
    """Return the rows that a row leads to, with what their kind reads along."""
    field, row = getattr(found, "field", None), getattr(found, "instance", None)
    if not isinstance(field, ForeignKey) or not isinstance(row, Model):
        return found.all()  # of a relation by way of a table between
    return members(row, str(field.remote_field.accessor_name), _along(KINDS.get(field.model, "")))


@cache
def _along(kind: str) -> Shape:
    """Return what makes a query read along what a kind's own query does."""
    along = RECORDS[kind].all().query.select_related if kind else False

    def shape(rows: QuerySet[Any]) -> QuerySet[Any]:
        if isinstance(along, dict):
            rows.query.select_related = along
        return rows

    return shape


def find(kind: str, identity: str, *, lock: bool = False) -> Model:
    """Return the row of a record, locked on request. Raises EngineError when it is not there."""
    if kind not in RECORDS:
        raise EngineError(f"no rows of {kind}")
    key = key_of(identity)
    found = next(iter(_by_key(kind, key, lock=lock)), None) if key is not None else None
    if found is None:
        raise EngineError(f"no {kind} with id {identity}")
    return found


def _by_key(kind: str, number: int, *, lock: bool) -> list[Model]:
    if lock:  # whoever has it already need not read again until he writes
        lasting((LOCKED, kind, str(number)), lambda: _lock(kind, number))
    return _known(kind, number)


def _lock(kind: str, number: int) -> None:
    """Lock a row; whoever writes on SQLite has locked all of them."""
    if connection.features.has_select_for_update:
        _lock_by_key(kind).rows(number)


def _known(kind: str, number: int) -> list[Model]:
    def read() -> list[Model]:
        rows: list[Model] = _read_by_key(kind).rows(number)
        return rows

    return remembered((READ, kind, number), read)


def just_read(kind: str, rows: Iterable[Model]) -> None:
    """Let rows that somebody has just read be known by their keys, until something is written."""
    for row in rows:
        remembered((READ, kind, row.pk), partial(list, [row]))


def read_at_once(records: Iterable[tuple[str, str]]) -> None:
    """Read several records, by kinds and ids, by one query a kind; those that are known stay."""
    ids: dict[str, list[int]] = {}
    for kind, identity in records:
        if not is_remembered((READ, kind, int(identity))):
            ids.setdefault(kind, []).append(int(identity))
    for kind, numbers in ids.items():
        if len(numbers) > 1:
            just_read(kind, _read_by_keys(kind, len(numbers)).rows(*numbers))


@cache
def _read_by_keys(kind: str, count: int) -> Prepared:
    holes = [NUMBER - at for at in range(count)]
    return Prepared(lambda *keys: RECORDS[kind].all().filter(pk__in=keys).order_by(), *holes)


@cache
def _read_by_key(kind: str) -> Prepared:
    return Prepared(lambda number: RECORDS[kind].all().filter(pk=number).order_by(), NUMBER)


@cache
def _lock_by_key(kind: str) -> Prepared:
    return Prepared(lambda number: locking(RECORDS[kind].all().filter(pk=number)), NUMBER)


def find_all(wanted: Iterable[tuple[str, str]], *, lock: bool) -> dict[tuple[str, str], Model]:
    """Return the rows of records by kind and id, a query a kind, in the order of kinds and ids;
    with `lock` those of kinds that are locked.

    Raises EngineError when one is not there."""
    ids: dict[str, set[int]] = {}
    for kind, identity in wanted:
        key = key_of(identity) if kind in RECORDS else None
        if key is None:
            raise EngineError(f"no {kind} with id {identity}")
        ids.setdefault(kind, set()).add(key)
    found: dict[tuple[str, str], Model] = {}
    for kind, numbers in sorted(ids.items()):
        needs = lock and _is_locked(kind)
        if len(numbers) == 1:
            rows: Iterable[Model] = _by_key(kind, *numbers, lock=needs)
        else:
            queryset = RECORDS[kind].all().filter(pk__in=numbers).order_by("pk")
            rows = locked(queryset) if needs else queryset
        found |= {(kind, str(row.pk)): row for row in rows}
        lost = sorted(numbers - {int(identity) for one, identity in found if one == kind})
        if lost:
            raise EngineError(f"no {kind} with id {lost[0]}")
    return found


class DjangoRecords:
    """The Records port."""

    def get(self, kind: str, identity: str) -> Row | None:
        """Return a record read afresh; None when there is none."""
        key = key_of(identity) if kind in RECORDS else None
        if key is None:
            return None
        found = next(iter(_by_key(kind, key, lock=False)), None)
        return row_of(found, kind) if found is not None else None


@cache
def _columns(kind: str) -> Mapping[str, tuple[Type, Column | None]]:
    """Return the fields of a kind: the type of each, and its column if it is one."""
    columns = {column.name: column for column in RECORDS[kind].model._meta.concrete_fields}
    return {
        name: (bare(type_of(notation)), columns.get(name))
        for name, notation in RECORDS[kind].fields.items()
    }


@cache
def _seen(kind: str) -> tuple[tuple[str, Type, Column | None, str], ...]:
    """Return how each field of a kind is seen: its name and type; its column, but for a state,
    whose code is shown as it is; of one that leads to a row where its key stands."""
    return tuple(
        (
            name,
            wanted,
            None if name in RECORDS[kind].states else column,
            column.attname if isinstance(column, ForeignKey) else "",
        )
        for name, (wanted, column) in _columns(kind).items()
    )


@cache
def leads_to(kind: str) -> tuple[str, ...]:
    """Return the columns of a kind that hold other records."""
    return tuple(
        name
        for name, (wanted, column) in _columns(kind).items()
        if isinstance(wanted, Record) and column is not None
    )


def _is_locked(kind: str) -> bool:
    """Tell whether an operation gets rows of a kind under their lock."""
    record = RECORDS[kind]
    columns = record.model._meta.concrete_fields
    return record.locked or any(column.name == "state" for column in columns)


class _Reads:
    """Reads what a row leads to, in the thread where the row was read: its database is no other's
    to ask, and outside of a turn nobody may ask at all."""

    __slots__ = ("kind", "record", "thread")

    def __init__(self, record: Model, kind: str) -> None:
        self.record, self.kind, self.thread = record, kind, get_ident()

    def __call__(self, name: str, wanted: Type) -> Value:
        if get_ident() != self.thread:
            raise EngineError(f"{self.kind}.{name} is read in another thread than its record")
        if not hasattr(type(self.record), name):  # an annotation: this row came another way
            self.record = RECORDS[self.kind].all().get(pk=self.record.pk)
        return value_of(related(self.record, name), wanted)


class _Kept:
    """Reads the row of a record that was kept, once, when something of it is asked for."""

    __slots__ = ("identity", "kind", "row")

    def __init__(self, kind: str, identity: str) -> None:
        self.kind, self.identity = kind, identity
        self.row: Row | None = None

    def __call__(self, name: str) -> Value:
        if self.row is None:
            self.row = DjangoRecords().get(self.kind, self.identity)
        return self.row.fields[name] if self.row is not None else None


def _shown(value: object, wanted: Type, column: Column | None, language: str | None) -> Value:
    """Return the value of a column; a code with its title. Without one, of a state or an
    annotation, as it is."""
    if isinstance(value, str) and column is None:
        return str(value) or None
    if not value or column is None or not column.choices or not isinstance(wanted, Choice):
        return value_of(value, wanted)
    return _option(column, value, language)


@cache
def _option(column: Column, value: object, language: str | None) -> Option:
    """Return a code of a column with its title in a language, which is the active one."""
    return Option(str(value), titled(str(dict(column.flatchoices)[value]), language))
