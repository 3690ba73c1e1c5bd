"""New rows, written by statements that are compiled once for their table.

Django builds the statement of each row anew, which costs several times what the database needs to
write it. No value may be an expression. Start at `insert`, `insert_all` and
`lock_or_insert`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from threading import local
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from crm.cursor import cursor_of
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
    model, keyed = type(row), row.pk is not None
    columns = _columns(model, keyed=keyed)
    wanted = () if keyed else tuple(model._meta.db_returning_fields)
    sql = _compiled(row, columns, wanted, None)
    if unless:
        sql = f"{unless} RETURNING ".join(sql.rsplit(" RETURNING ", 1))
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        cursor = cursor_of(connection)
        cursor.execute(sql, _values(row, columns))
        made = cursor.fetchall() if wanted else [()]
    for values in made:
        for column, value in zip(wanted, values, strict=True):
            setattr(row, column.attname, value)
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return [row] * len(made)


def new(row: Model) -> Statement:
    """Return the statement that writes one new row whose key is known, and what is bound."""
    columns = _columns(type(row), keyed=True)
    return _compiled(row, columns, (), None), _values(row, columns)


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
    columns = _columns(type(rows[0]), keyed=rows[0].pk is not None)
    conflict = OnConflict.IGNORE if ignore_conflicts else None
    return list(_parts(_compiled(rows[0], columns, (), conflict), columns, rows))


def lock_or_insert(rows: Sequence[Row], *unique: str) -> list[Row]:
    """Return rows of one table as the database has them, locked until the commit in the order
    given, each made as it is where none has its `unique` columns: one statement, whoever makes the
    same rows at the same moment. What is there keeps its values."""
    if not rows:
        return []
    model = type(rows[0])
    columns, wanted = _columns(model, keyed=False), tuple(model._meta.local_concrete_fields)
    there: Columns = tuple(model._meta.get_field(name) for name in unique)
    # Its last unique column is written as it is: no weaker lock than that of FOR UPDATE.
    sql = _compiled(rows[0], columns, wanted, OnConflict.UPDATE, there)
    convert = converted(wanted, connections[DEFAULT_DB_ALIAS])
    found: dict[tuple[Any, ...], Row] = {}
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        cursor = cursor_of(connections[DEFAULT_DB_ALIAS])
        for statement, bound in _parts(sql, columns, rows):
            cursor.execute(statement, bound)
            for values in map(convert, cursor.fetchall()):
                one = model(*values)
                one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS
                found[tuple(getattr(one, column.attname) for column in there)] = one
    return [found[tuple(getattr(row, column.attname) for column in there)] for row in rows]


def _parts(sql: str, columns: Columns, rows: Sequence[Model]) -> Iterator[Statement]:
    """Give the statement of one row as one of many, and what it binds, so many at a time."""
    one = f"({', '.join(['%s'] * len(columns))})"
    if sql.count(one) != 1:
        raise EngineError(f"values are bound in another way: {sql}")
    for begin in range(0, len(rows), MOST):
        part = rows[begin : begin + MOST]
        values = [value for row in part for value in _values(row, columns)]
        yield sql.replace(one, ", ".join([one] * len(part))), values


@cache
def _columns(model: type[Model], *, keyed: bool) -> Columns:
    meta = model._meta
    return tuple(
        one
        for one in meta.local_concrete_fields
        if not one.generated and (keyed or one is not meta.auto_field)
    )


def _values(row: Model, columns: Columns) -> list[Any]:
    connection = connections[DEFAULT_DB_ALIAS]
    return [one.get_db_prep_save(one.pre_save(row, True), connection) for one in columns]


def _compiled(
    row: Model,
    columns: Columns,
    wanted: Columns,
    conflict: OnConflict | None,
    unique: Columns = (),
) -> str:
    """Return the statement of this thread's connection."""
    connection = connections[DEFAULT_DB_ALIAS]
    if getattr(_mine, "connection", None) is not connection:
        _mine.connection, _mine.found = connection, {}
    key = type(row), columns, wanted, conflict, unique
    if key not in _mine.found:
        query: Any = InsertQuery(
            type(row), on_conflict=conflict, update_fields=unique[-1:], unique_fields=unique
        )
        query.insert_values(columns, [row])
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.returning_fields = wanted
        ((_mine.found[key], _),) = compiler.as_sql()
    sql: str = _mine.found[key]
    return sql
