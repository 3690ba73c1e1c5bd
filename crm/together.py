"""Several queries asked as one statement: a card shows a dozen lists of rows, and the way to the
database and back costs more than most of them.

    holds, tasks = Hold.objects.filter(lot=lot), Task.objects.filter(subject_id="7")
    read_together(holds, tasks)
    list(holds)  # asks nothing any more

Each query is compiled by Django; its rows come back as JSON and go through Django's own converters
and models, so they are what the query alone would give. Start at `read_together`; queries that are
prepared, which a turn asks again and again, are asked together by `ask_ahead`, or along with one
that locks by `rows_along`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from crm.asked_once import is_remembered, note, remembered, remembers
from crm.cursor import cursor_of
from crm.edition import answer_of, is_kept, is_lasting
from crm.prepared import Prepared, Shape, Value, names_of

Question = tuple[Prepared, tuple[Value, ...]]  # a query, and what is in its holes
Select = Sequence[Any]  # of a compiler: each column with its SQL and its alias
# What PostgreSQL's JSON writes as text, by the kind of a column.
FROM_TEXT: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": parse_datetime,
    "DateField": parse_date,
    "TimeField": parse_time,
    "UUIDField": UUID,
    "DecimalField": Decimal,
    "JSONField": partial(json.dumps, default=float),
}
ALONG = {  # the rows of several questions as one text; whether a statement stood still meanwhile
    "postgresql": (
        "json_agg(json_build_array(part, place, packed))",
        "clock_timestamp() - statement_timestamp() > interval '0.1 s'",
    ),
    "sqlite": ("json_group_array(json_array(part, place, packed || ''))", "0"),
}


class _Told(SQLCompiler):
    """The compiler of a query whose rows were read with those of others."""

    def __init__(self, query: Query) -> None:
        super().__init__(query, connections[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS)
        self.told: list[Sequence[Any]] = []

    def execute_sql(self, *_given: Any, **_named: Any) -> Any:
        """Return the rows as one chunk."""
        return [self.told]


class _Asked(Query):
    """A query whose compiler knows the rows."""

    done: _Told

    def get_compiler(self, *_given: Any, **_named: Any) -> _Told:
        """Return the compiler that knows them."""
        return self.done


def read_together(*querysets: QuerySet[Any]) -> None:
    """Read the rows of several querysets by one statement; each then has its own, in its order."""
    compilers = [_Told(one.query.clone()) for one in querysets]
    parts: list[str] = []
    params: list[Any] = []
    for at, compiler in enumerate(compilers):
        try:
            sql, given = compiler.as_sql(with_col_aliases=True)
        except EmptyResultSet:
            continue
        names = names_of(compiler.select, compiler.connection)
        parts.append(_part(at, sql, names, compiler.connection.vendor))
        params += given
    if parts:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            found = cursor.fetchall()
        for at, _place, packed in sorted(found, key=lambda row: row[:2]):
            compilers[at].told.append(_row(packed, compilers[at].select, compilers[at].connection))
    for queryset, compiler in zip(querysets, compilers, strict=True):
        _fill(queryset, compiler)


def rows_together(asked: Iterable[Question]) -> list[list[Any]]:
    """Ask prepared queries, each with what is in its holes, by one statement; return the rows of
    each in its order."""
    connection = connections[DEFAULT_DB_ALIAS]
    questions = [(prepared.compiled(aliased=True), given) for prepared, given in asked]
    cursor = cursor_of(connection)
    bound = [value for one, given in questions for value in one.bound(given)]
    cursor.execute(_parts(connection.vendor, tuple(one.shape for one, _ in questions)), bound)
    return _told([one for one, _ in questions], cursor.fetchall())


def answered(asked: Prepared, *given: Value) -> list[Any]:
    """Return the rows of a prepared query, asked once until something is written; those of
    catalogues and limits are kept for other turns."""
    if not given and not is_lasting(asked):
        note(asked)
    return remembered((asked, *given), lambda: answer_of(asked, given, lambda: asked.rows(*given)))


def rows_along(asked: Prepared, *given: Value, ahead: Sequence[Prepared]) -> list[Any]:
    """Ask a prepared query that locks and, along with it, by the same statement, others that need
    nothing given: what these are `answered` is known then. After a wait for the lock it is not, for
    it was read before."""
    if not ahead or not remembers():
        return asked.rows(*given)
    connection = connections[DEFAULT_DB_ALIAS]
    first, others = asked.compiled(aliased=True), [one.compiled(aliased=True) for one in ahead]
    cursor = cursor_of(connection)
    cursor.execute(
        _along(connection.vendor, first.sql, tuple(one.shape for one in others)),
        [*first.bound(given), *(value for one in others for value in one.bound(()))],
    )
    found = cursor.fetchall()
    if found and not found[0][-1]:
        _remember(ahead, json.loads(found[0][-2] or "[]"))
    return first.made(found)


def _remember(asked: Sequence[Prepared], found: Iterable[tuple[int, int, str]]) -> None:
    """Keep what was answered to questions that need nothing given."""
    told = _told([one.compiled(aliased=True) for one in asked], found)
    for one, rows in zip(asked, told, strict=True):
        remembered((one,), partial(_itself, rows))


def _told(asked: Sequence[Any], found: Iterable[tuple[int, int, str]]) -> list[list[Any]]:
    """Sort what a database answered: the rows of each question in its order."""
    told: list[list[Sequence[Any]]] = [[] for _ in asked]
    for at, _place, packed in sorted(found, key=lambda row: row[:2]):
        told[at].append(_row(packed, asked[at].select, asked[at].connection))
    return [one.made(rows) for one, rows in zip(asked, told, strict=True)]


def ask_ahead(questions: Iterable[Question]) -> None:
    """Ask by one statement what will be `answered` next, where answers are remembered: what is not
    known yet."""
    new = (
        [one for one in questions if not is_remembered(_key(one)) and not is_kept(*one)]
        if remembers()
        else []
    )
    if len(new) > 1:
        for one, rows in zip(new, rows_together(new), strict=True):
            remembered(_key(one), partial(answer_of, *one, partial(_itself, rows)))


def _key(question: Question) -> tuple[Any, ...]:
    asked, given = question
    return asked, *given


def _itself(rows: list[Any]) -> list[Any]:
    return rows


@lru_cache(maxsize=256)
def _parts(vendor: str, shapes: tuple[Shape, ...]) -> str:
    """Return several queries as one."""
    return " UNION ALL ".join(_part(at, *shape, vendor) for at, shape in enumerate(shapes))


@lru_cache(maxsize=256)
def _along(vendor: str, first: str, shapes: tuple[Shape, ...]) -> str:
    """Return a query with others along."""
    listed, waited = ALONG[vendor]
    return (
        f"SELECT asked.*, beside.told, {waited} FROM ({first}) AS asked, "  # noqa: S608
        f"(SELECT CAST({listed} AS text) AS told FROM ({_parts(vendor, shapes)}) AS ahead) "
        "AS beside"
    )


def _part(at: int, sql: str, names: tuple[str, ...], vendor: str) -> str:
    """Return a query as rows of its number, the place of the row, and the row as JSON."""
    name = f"part_{at}"
    row = f"row_to_json({name})::text"
    if vendor != "postgresql":
        row = f"json_array({', '.join(names)})"
    columns = f"{at} AS part, ROW_NUMBER() OVER () AS place, {row} AS packed"
    return f"SELECT {columns} FROM ({sql}) {name}"  # noqa: S608


def _row(packed: str, select: Select, connection: Any) -> list[Any]:
    """Return a row as the database would have given it."""
    if connection.vendor != "postgresql":
        values: list[Any] = json.loads(packed)
        return values
    found = json.loads(packed, parse_float=Decimal).values()
    kinds = (one[0].output_field.get_internal_type() for one in select)
    return [
        value if value is None or kind not in FROM_TEXT else FROM_TEXT[kind](value)
        for value, kind in zip(found, kinds, strict=True)
    ]


def _fill(queryset: Any, compiler: _Told) -> None:
    """Make a queryset's rows of what was read."""
    asked = queryset._chain()
    asked.query.__class__ = _Asked
    asked.query.done = compiler
    if not compiler.told:
        rows: list[Any] = []
    else:
        rows = list(asked._iterable_class(asked))
    if queryset._prefetch_related_lookups:
        prefetch_related_objects(rows, *queryset._prefetch_related_lookups)
    queryset._result_cache, queryset._prefetch_done = rows, True
