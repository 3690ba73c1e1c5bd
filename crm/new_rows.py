"""New rows, written by statements that are compiled once for their table.

Django builds the statement of each row anew, which costs several times what the database needs to
write it. No value may be an expression. Start at `insert`, `insert_all` and
`lock_or_insert`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from threading import local
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import DateTimeField, Field, Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from crm.bound import Way
from crm.cursor import cursor_of
from crm.fresh import fresh
from crm.made_rows import converted
from engine.errors import EngineError

Row = TypeVar("Row", bound=Model)
Columns = tuple[Any, ...]
Statement = tuple[str, list[Any]]  # and what it binds
MOST = 40  # rows of one statement: SQLite bounds how much a statement binds
_mine = local()


def insert(row: Row) -> Row:
    """Write one new row and return it with the key that the database gave it."""
    (made,) = _written(row, "")
    return made


def insert_unless_there(row: Row) -> Row | None:
    """Write one new row whose key the database gives, and return it; None when a constraint of
    uniqueness has another in its place, whose transaction is waited for. One statement, where a
    part that may fail takes three."""
    return next(iter(_written(row, " ON CONFLICT DO NOTHING")), None)


def _written(row: Row, unless: str) -> list[Row]:
    table = _table(type(row), keyed=row.pk is not None)
    sql = _compiled(row, table, told=table.given)
    if unless:
        sql = f"{unless} RETURNING ".join(sql.rsplit(" RETURNING ", 1))
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        cursor = cursor_of(connections[DEFAULT_DB_ALIAS])
        cursor.execute(sql, table.values(row))
        made = cursor.fetchall() if table.given else [()]
    for values in made:
        for column, value in zip(table.given, values, strict=True):
            setattr(row, column.attname, value)
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return [row] * len(made)


def new(row: Model) -> Statement:
    """Return the statement that writes one new row whose key is known, and what is bound."""
    table = _table(type(row), keyed=True)
    return _compiled(row, table), table.values(row)


def insert_all(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Write new rows of one table; with `ignore_conflicts` those that are there already stay as
    they are. Keys that the database gives are not read."""
    if not rows:
        return
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        cursor = cursor_of(connections[DEFAULT_DB_ALIAS])
        for statement, values in new_all(rows, ignore_conflicts=ignore_conflicts):
            cursor.execute(statement, values)


def new_all(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> list[Statement]:
    """Return the statements that write new rows of one table whose keys are not read."""
    if not rows:
        return []
    table = _table(type(rows[0]), keyed=rows[0].pk is not None)
    conflict = OnConflict.IGNORE if ignore_conflicts else None
    return list(_parts(_compiled(rows[0], table, conflict=conflict), table, rows))


def lock_or_insert(rows: Sequence[Row], *unique: str) -> list[Row]:
    """Return rows of one table as the database has them, locked until the commit in the order
    given, each made as it is where none has its `unique` columns: one statement, whoever makes the
    same rows at the same moment. What is there keeps its values."""
    if not rows:
        return []
    model = type(rows[0])
    table, wanted = _table(model, keyed=False), tuple(model._meta.local_concrete_fields)
    there: Columns = tuple(model._meta.get_field(name) for name in unique)
    # Its last unique column is written as it is: no weaker lock than that of FOR UPDATE.
    sql = _compiled(rows[0], table, told=wanted, conflict=OnConflict.UPDATE, unique=unique)
    names = [column.attname for column in wanted]
    convert = converted(wanted, connections[DEFAULT_DB_ALIAS])
    found: dict[tuple[Any, ...], Row] = {}
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        cursor = cursor_of(connections[DEFAULT_DB_ALIAS])
        for statement, bound in _parts(sql, table, rows):
            cursor.execute(statement, bound)
            for values in map(convert, cursor.fetchall()):
                one = fresh(model, **dict(zip(names, values, strict=True)))
                one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS
                found[tuple(getattr(one, column.attname) for column in there)] = one
    return [found[tuple(getattr(row, column.attname) for column in there)] for row in rows]


def _parts(sql: str, table: _Table, rows: Sequence[Model]) -> Iterator[Statement]:
    """Give the statement of one row as one of many, and what it binds, so many at a time."""
    for begin in range(0, len(rows), MOST):
        part = rows[begin : begin + MOST]
        yield _of_many(sql, len(table.columns), len(part)), table.values(*part)


@lru_cache(maxsize=512)
def _of_many(sql: str, columns: int, rows: int) -> str:
    one = f"({', '.join(['%s'] * columns)})"
    if sql.count(one) != 1:
        raise EngineError(f"values are bound in another way: {sql}")
    return sql.replace(one, ", ".join([one] * rows))


class _Table:
    """What is written of a new row: its columns, all or but the key, and how each is bound;
    `given` are those that the database gives a value."""

    def __init__(self, model: type[Model], *, keyed: bool) -> None:
        meta: Any = model._meta
        self.columns: Columns = tuple(
            one
            for one in meta.local_concrete_fields
            if not one.generated and (keyed or one is not meta.auto_field)
        )
        self.given: Columns = () if keyed else tuple(meta.db_returning_fields)
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        self._ways = [(one.attname, Way(one, vendor)) for one in self.columns]
        self._saves = [one for one in self.columns if _gives_itself(one)]

    def values(self, *rows: Model) -> list[Any]:
        """Return what is bound for rows, one after another: an object that the row before has too
        is bound as it was there."""
        connection, found = connections[DEFAULT_DB_ALIAS], []
        last: dict[str, tuple[Any, Any]] = {}
        for row in rows:
            for column in self._saves:
                column.pre_save(row, True)
            held = vars(row)
            for name, way in self._ways:
                value = held[name]
                if value is None or type(value) in way.as_they_are:
                    found.append(value)
                    continue
                before = last.get(name)
                if before is None or before[0] is not value:
                    before = last[name] = value, way(value, connection)
                found.append(before[1])
        return found


@cache
def _table(model: type[Model], *, keyed: bool) -> _Table:
    return _Table(model, keyed=keyed)


def _gives_itself(column: Any) -> bool:
    """Tell whether a column may give itself another value when its row is written."""
    clock = getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False)
    return clock or type(column).pre_save not in (Field.pre_save, DateTimeField.pre_save)


def _compiled(
    row: Model,
    table: _Table,
    *,
    told: Columns = (),
    conflict: OnConflict | None = None,
    unique: Sequence[str] = (),
) -> str:
    """Return the statement of this thread's connection."""
    connection = connections[DEFAULT_DB_ALIAS]
    if getattr(_mine, "connection", None) is not connection:
        _mine.connection, _mine.found = connection, {}
    key = table, len(told), conflict, unique
    if key not in _mine.found:
        there = [type(row)._meta.get_field(name) for name in unique]
        query: Any = InsertQuery(
            type(row), on_conflict=conflict, update_fields=there[-1:], unique_fields=there
        )
        query.insert_values(table.columns, [row])
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.returning_fields = told
        ((_mine.found[key], _),) = compiler.as_sql()
    sql: str = _mine.found[key]
    return sql
