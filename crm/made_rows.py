"""How rows are made of what a database answers to one query, worked out once.

Django works it out at each asking, and makes an object by giving it a field at a time. Start at
`maker`; a long list is read by `chunks`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from django.db.models.signals import post_init, pre_init
from django.db.models.sql.compiler import SQLCompiler

from engine.errors import EngineError

Make = Callable[[Sequence[Any]], Any]


def maker(queryset: QuerySet[Any, Any], compiler: SQLCompiler) -> Make:
    """Return how a row of a compiled query becomes what its query set gives: an object with what is
    joined to it, a tuple, the only column. Raises EngineError for another kind of query set."""
    kind: Any = queryset._iterable_class
    if kind is ValuesListIterable:
        return tuple
    if kind is FlatValuesListIterable:
        return lambda row: row[0]
    if kind is not ModelIterable or queryset._known_related_objects:  # type: ignore[attr-defined]
        raise EngineError(f"{kind.__name__} is not made of prepared queries")
    make = _object(compiler.klass_info, compiler.select)
    annotated = tuple((compiler.annotation_col_map or {}).items())
    if not annotated:
        return make

    def with_annotations(row: Sequence[Any]) -> Any:
        made = make(row)
        for name, at in annotated:
            setattr(made, name, row[at])
        return made

    return with_annotations


def converted(columns: Sequence[Any], connection: Any) -> Make:
    """Return how what a database tells of some columns, which no query asks for, becomes their
    values."""
    found = []
    for at, column in enumerate(columns):
        shown = column.cached_col
        ways = connection.ops.get_db_converters(shown) + shown.get_db_converters(connection)
        found += [(at, ways, shown)] if ways else []

    def convert(row: Sequence[Any]) -> tuple[Any, ...]:
        values = [*row]
        for at, ways, shown in found:
            for way in ways if values[at] is not None else ():
                values[at] = way(values[at], shown, connection)
        return tuple(values)

    return convert


def chunks(queryset: QuerySet[Any, Any], size: int) -> Iterator[list[Any]]:
    """Give the objects of a long query, so many at a time, with what it wants read beside them.
    Raises EngineError for what `maker` refuses."""
    compiler = queryset.query.get_compiler(queryset.db)
    found = compiler.execute_sql(chunked_fetch=True, chunk_size=size)
    if found is None:  # the filter lets nothing through
        return
    make = maker(queryset, compiler)
    made = map(make, compiler.results_iter(found))
    beside = queryset._prefetch_related_lookups  # type: ignore[attr-defined]
    while some := list(islice(made, size)):
        prefetch_related_objects(some, *beside)
        yield some


def _object(info: Any, select: Any) -> Make:
    """Return how an object and all that is joined to it are made; None where its key is empty."""
    model: type[Model] = info["model"]
    refuse_own_ways(model)
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [one[0].target.attname for one in select[first:last]]
    key = first + names.index(model._meta.pk.attname)
    joined = [
        (_object(one, select), one["local_setter"], one["remote_setter"])
        for one in info.get("related_klass_infos", ())
    ]

    def make(row: Sequence[Any]) -> Any:
        if row[key] is None:
            return None
        made = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        vars(made).update(zip(names, row[first:last], strict=True), _state=state)
        for build, tell, tell_back in joined:
            other = build(row)
            tell(made, other)
            if other is not None:
                tell_back(other, made)
        return made

    return make


def refuse_own_ways(model: type[Model]) -> None:
    """Refuse a table whose objects are more than their columns."""
    own = model.__init__ is not Model.__init__ or "from_db" in vars(model) or model._meta.parents
    if own or pre_init.has_listeners(model) or post_init.has_listeners(model):
        raise EngineError(f"a {model.__name__} is not made of its columns alone")
