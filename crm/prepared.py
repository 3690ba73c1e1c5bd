"""Queries with holes that are compiled once.

Building and compiling a query costs Django several times what the database needs to answer it, and
a turn asks dozens.

    BY_KEY = Prepared(lambda pk: Mix.objects.filter(pk=pk), NUMBER)
    BY_KEY.rows(7)

All but the holes is fixed when it is compiled: what builds a query may read neither the clock nor
anything else that changes. Start at `Prepared`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import local
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

from engine.errors import EngineError

Value = int | str | datetime
# What stands in a hole while a query is compiled, and nowhere else in it.
NUMBER, TEXT, OTHER_TEXT = -2_147_000_000, "\N{DOTTED SQUARE}1", "\N{DOTTED SQUARE}2"
MOMENT = datetime(1906, 3, 4, 5, 6, 7, 89, tzinfo=UTC)


class _Compiler(SQLCompiler):
    """The compiler of a query that gives what it compiled once, with other values in its holes."""

    def __init__(self, query: Query, holes: Sequence[Value]) -> None:
        super().__init__(query, connections[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS)
        self._sql, params = super().as_sql()
        self._params = [*params]
        self._at = [self._places(self._adapted(hole)) for hole in holes]
        self._converters = super().get_converters([one[0] for one in self.select])
        self.given = holes

    def _places(self, hole: Value) -> list[int]:
        found = [at for at, value in enumerate(self._params) if value == hole]
        if not found:
            raise EngineError(f"a hole that nothing asks for: {self._sql}")
        return found

    def _adapted(self, value: Value) -> Any:
        if isinstance(value, datetime):
            return self.connection.ops.adapt_datetimefield_value(value)
        return value

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        """Return the query with the values of this time. Raises EngineError for a lock that would
        end with its own statement."""
        locks = self.query.select_for_update and self.connection.features.has_select_for_update
        if locks and self.connection.get_autocommit():
            raise EngineError(f"a lock outside of a transaction: {self._sql}")
        params = [*self._params]
        for places, value in zip(self._at, self.given, strict=True):
            for at in places:
                params[at] = self._adapted(value)
        return self._sql, tuple(params)

    def get_converters(self, expressions: Any) -> Any:
        """Return how what the database answers becomes values."""
        return self._converters


class _Query(Query):
    """A query that has been compiled."""

    done: _Compiler

    def get_compiler(self, *_given: Any, **_named: Any) -> _Compiler:
        """Return the compiler that did it."""
        return self.done


class Prepared:
    """A query with holes, compiled once a connection. `build` gets what stands in the holes while
    it is: NUMBER for a whole number, TEXT and OTHER_TEXT for texts, MOMENT for one."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *holes: Value) -> None:
        self._build, self._holes, self._mine = build, holes, local()

    def rows(self, *values: Value) -> list[Any]:
        """Ask with values in the holes."""
        queryset = self._compiled()
        queryset.query.done.given = values
        rows = list(queryset._iterable_class(queryset))
        if queryset._prefetch_related_lookups:
            prefetch_related_objects(rows, *queryset._prefetch_related_lookups)
        return rows

    def _compiled(self) -> Any:
        """Return the query of this thread's connection."""
        found = getattr(self._mine, "queryset", None)
        if found is None or found.query.done.connection is not connections[DEFAULT_DB_ALIAS]:
            found = self._build(*self._holes).all()
            query: Any = found.query.chain(klass=_Query)
            query.done = _Compiler(found.query.chain(), self._holes)
            iterable = found._iterable_class
            found.query = query
            found._iterable_class = iterable  # the setter takes values for dictionaries
            self._mine.queryset = found
        return found
