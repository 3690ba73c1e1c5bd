"""Queries with holes that are compiled once.

Building and compiling a query costs Django several times what the database needs to answer it, and
a turn asks dozens.

    BY_KEY = Prepared(lambda pk: Mix.objects.filter(pk=pk), NUMBER)
    BY_KEY.rows(7)

    SHOWN = Change(lambda: (Chat.objects.filter(pk=Hole(Chat, "id")), {"turn": Hole(Chat, "turn")}))
    SHOWN(id=7, turn=3)

All but the holes is fixed when it is compiled: what builds a query may read neither the clock nor
anything else that changes. What is fixed is written out, not bound: a database takes an index of
some of the rows ("those that wait") only where it sees that the question is about them. Start at
`Prepared` and `Change`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from threading import local
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Expression, Model, QuerySet, prefetch_related_objects
from django.db.models.sql import DeleteQuery, UpdateQuery

from crm.bound import Way
from crm.cursor import cursor_of
from crm.made_rows import Make, converted, maker
from engine.errors import EngineError

Value = int | str | datetime | UUID
Shape = tuple[str, tuple[str, ...]]  # of a query in another: its SQL, the names of its columns
Built = tuple[QuerySet[Any, Any], Mapping[str, Any] | None]

# What stands in a hole while a query is compiled, and nowhere else in it.
NUMBER, POSITIVE = -2_147_000_000, 2_147_000_000
TEXT, OTHER_TEXT, THIRD_TEXT = (f"\N{DOTTED SQUARE}{number}" for number in (1, 2, 3))
MOMENT, KEY = datetime(1906, 3, 4, 5, 6, 7, 89, tzinfo=UTC), UUID(int=1906)


_PLACE = re.compile("%%|%s")  # in SQL with values beside it


def written_out(
    sql: str, params: Sequence[Any], holes: Callable[[Any], bool]
) -> tuple[str, list[Any]]:
    """Return SQL and what is bound, where texts and whole numbers that are no holes stand in the
    SQL itself.

    >>> written_out("WHERE state = %s AND id = %s", ["it's", 7], lambda value: value == 7)
    ("WHERE state = 'it''s' AND id = %s", [7])
    """
    values, bound = iter(params), []

    def filled(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%%"
        value = next(values)
        if holes(value) or isinstance(value, bool) or not isinstance(value, str | int):
            bound.append(value)
            return "%s"
        text = str(value).replace("'", "''").replace("%", "%%")
        return f"'{text}'" if isinstance(value, str) else text

    return _PLACE.sub(filled, sql), bound


def names_of(select: Sequence[Any], connection: Any) -> tuple[str, ...]:
    """Return the quoted names of the columns of a query that gives each one."""
    return tuple(connection.ops.quote_name(str(alias)) for _, _, alias in select)


class _Compiled:
    """A query that was compiled for one connection, asked again and again with other values in its
    holes. An `aliased` one names its columns, to stand in another (`crm.together`)."""

    def __init__(
        self, queryset: QuerySet[Any, Any], holes: Sequence[Value], *, aliased: bool = False
    ) -> None:
        compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.connection = compiler.connection
        features = self.connection.features
        self._locks = queryset.query.select_for_update and features.has_select_for_update
        adapted = [self._adapted(hole) for hole in holes]
        sql, params = compiler.as_sql(with_col_aliases=aliased)
        self.sql, self._params = written_out(sql, params, adapted.__contains__)
        self.select = compiler.select
        self.shape: Shape = self.sql, names_of(self.select, self.connection) if aliased else ()
        self._at = [self._places(hole) for hole in adapted]
        selected = compiler.get_converters([one[0] for one in compiler.select])
        self._converters = [(at, *found) for at, found in selected.items()]
        self._width = compiler.col_count  # what follows is there for the order alone
        self._make = maker(queryset, compiler)
        self._beside: Any = queryset._prefetch_related_lookups  # type: ignore[attr-defined]

    def _places(self, hole: Value) -> list[int]:
        found = [at for at, value in enumerate(self._params) if value == hole]
        if not found:
            raise EngineError(f"a hole that nothing asks for: {self.sql}")
        return found

    def _adapted(self, value: Value) -> Any:
        if isinstance(value, datetime):
            return self.connection.ops.adapt_datetimefield_value(value)
        if isinstance(value, UUID) and not self.connection.features.has_native_uuid_field:
            return value.hex
        return value

    @property
    def reads_beside(self) -> bool:
        """Tell whether more statements read what stands beside the rows."""
        return bool(self._beside)

    def rows(self, given: Sequence[Value]) -> list[Any]:
        """Ask with values in the holes. Raises EngineError for a lock that would end with its own
        statement."""
        if self._locks and self.connection.get_autocommit():
            raise EngineError(f"a lock outside of a transaction: {self.sql}")
        cursor = cursor_of(self.connection)
        cursor.execute(self.sql, self.bound(given))
        return self.made(cursor.fetchall())

    def bound(self, given: Sequence[Value]) -> list[Any]:
        """Return what is bound with values in the holes."""
        params = [*self._params]
        for places, value in zip(self._at, given, strict=True):
            for at in places:
                params[at] = self._adapted(value)
        return params

    def made(self, answered: Sequence[Sequence[Any]]) -> list[Any]:
        """Return what the rows become that a database answered."""
        made = [self._make(self._converted(row)) for row in answered]
        if self._beside and made:
            prefetch_related_objects(made, *self._beside)
        return made

    def _converted(self, answered: Sequence[Any]) -> Sequence[Any]:
        """Return what was answered as values; nothing stays nothing."""
        row = [*answered[: self._width]]
        for at, converters, expression in self._converters:
            value = row[at]
            if value is not None:
                for convert in converters:
                    value = convert(value, expression, self.connection)
                row[at] = value
        return row


class Prepared:
    """A query with holes, compiled once a connection. `build` gets what stands in the holes while
    it is: NUMBER for a whole number, POSITIVE for one of a column without negative ones, TEXT,
    OTHER_TEXT and THIRD_TEXT for texts, MOMENT for one, KEY for a UUID."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *holes: Value) -> None:
        self._build, self._holes, self._mine = build, holes, local()
        self.lasting: bool | None = None  # whether answers may be kept: `crm.edition` finds it out

    def rows(self, *values: Value) -> list[Any]:
        """Ask with values in the holes."""
        return self.compiled().rows(values)

    def compiled(self, *, aliased: bool = False) -> _Compiled:
        """Return the query of this thread's connection."""
        name = "aliased" if aliased else "found"
        found: _Compiled | None = getattr(self._mine, name, None)
        if found is None or found.connection is not connections[DEFAULT_DB_ALIAS]:
            found = _Compiled(self._build(*self._holes).all(), self._holes, aliased=aliased)
            setattr(self._mine, name, found)
        return found


class Hole(Expression):
    """A value of a column that is given when the rows are changed, by `name` or that of the
    column."""

    def __init__(self, model: type[Model], column: str, name: str = "") -> None:
        found: Any = model._meta.get_field(column)
        super().__init__(output_field=found)
        self.name = name or column
        self._way = Way(found, connections[DEFAULT_DB_ALIAS].vendor)

    def as_sql(self, *_given: Any, **_named: Any) -> Any:
        """Stand where the value will."""
        return "%s", [self]

    def filled(self, value: Any, connection: Any) -> Any:
        """Return a value as the database takes it; of a row its key."""
        value = value.pk if isinstance(value, Model) else value
        return self._way(value, connection)


class Change:
    """A change of rows with holes, compiled once a connection. `build` returns which rows, and the
    new values of their columns; None takes the rows away, whatever points to them. `told` are
    the columns whose new values `rows` returns."""

    def __init__(self, build: Callable[[], Built], *told: str) -> None:
        self._build, self._told, self._mine = build, told, local()

    def __call__(self, **values: Any) -> int:
        """Change the rows with values in the holes; return how many they were."""
        with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
            cursor = cursor_of(connections[DEFAULT_DB_ALIAS])
            cursor.execute(*self.said(**values))
            return int(cursor.rowcount)

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Change the rows with values in the holes; return what is told of each."""
        with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
            cursor = cursor_of(connections[DEFAULT_DB_ALIAS])
            cursor.execute(*self.said(**values))
            return self.converted(cursor.fetchall())

    def converted(self, told: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Return what a database told of the rows as values."""
        convert = self._compiled(connections[DEFAULT_DB_ALIAS])[2]
        return [convert(row) for row in told]

    def said(self, **values: Any) -> tuple[str, Sequence[Any]]:
        """Return the statement with values in its holes, and what is bound."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, params, _ = self._compiled(connection)
        filled = [
            one.filled(values[one.name], connection) if isinstance(one, Hole) else one
            for one in params
        ]
        return sql, filled

    def _compiled(self, connection: Any) -> tuple[str, Sequence[Any], Make]:
        found = getattr(self._mine, "found", None)
        if found is None or found[0] is not connection:
            rows, columns = self._build()
            query: Any = rows.query.chain(klass=UpdateQuery if columns else DeleteQuery)
            if columns:
                query.add_update_values(columns)
            sql, params = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
            told = [rows.model._meta.get_field(name) for name in self._told]
            if told:
                names = (connection.ops.quote_name(one.column) for one in told)
                sql += f" RETURNING {', '.join(names)}"
            sql, params = written_out(sql, params, lambda value: isinstance(value, Hole))
            found = self._mine.found = connection, sql, params, converted(told, connection)
        done: tuple[str, Sequence[Any], Make] = found[1:]
        return done
