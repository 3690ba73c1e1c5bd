"""One row by its key, by a query that is compiled once for its table. Django builds one for each
relation that is followed and each row that is read anew. Start at `related`, `members` and
`reread`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import ForeignKey, Model, OneToOneRel, QuerySet, UUIDField

from crm.prepared import KEY, NUMBER, Prepared

Shape = Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class _Link:
    """A relation that leads to one row: which column names it, how it is asked for, how the row
    found knows the one that leads to it (None: not at all)."""

    relation: Any
    column: str
    ask: Prepared
    back: Any


def related(row: Model, name: str) -> Any:
    """Return what a field or property of a row is. A row that it leads to is read by its key and
    stays with the one that leads to it."""
    link = _links(type(row)).get(name)
    if link is not None and not link.relation.is_cached(row):
        key = getattr(row, link.column)
        for found in link.ask.rows(key) if key is not None else ():
            link.relation.set_cached_value(row, found)
            if link.back is not None:
                link.back.set_cached_value(found, row)
    return getattr(row, name)


def _plain(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


def members(row: Model, name: str, shape: Shape = _plain) -> list[Any]:
    """Return the rows that lead to a row by a foreign key; no query for those that were fetched
    beside it. `shape` says what the query reads along."""
    if name in vars(row).get("_prefetched_objects_cache", ()):
        return list(getattr(row, name).all())
    field, ask = _led_by(type(row), name, shape)
    found = ask.rows(row.pk)
    for one in found:
        field.set_cached_value(one, row)
    return found


def reread(row: Model) -> None:
    """Bring a row up to date; what was read beside it is forgotten."""
    (found,) = _by_column(type(row), row._meta.pk.name).rows(row.pk)
    become(row, [getattr(found, column.attname) for column in row._meta.concrete_fields])


def become(row: Any, values: Sequence[Any]) -> None:
    """Bring a row up to date by its columns as they are now; what was read beside it is
    forgotten."""
    vars(row).pop("_prefetched_objects_cache", None)
    row._state.fields_cache.clear()
    for column, value in zip(row._meta.concrete_fields, values, strict=True):
        setattr(row, column.attname, value)


def brought(row: Model, values: Sequence[Any]) -> Any:
    """Return a copy of a row with its columns as they are now; what was read beside it comes along
    where it still leads there."""
    found = copy(row)
    vars(found).pop("_prefetched_objects_cache", None)
    for column, value in zip(row._meta.concrete_fields, values, strict=True):
        setattr(found, column.attname, value)
    return found


@cache
def _links(model: type[Model]) -> Mapping[str, _Link]:
    found: dict[str, _Link] = {}
    for one in model._meta.get_fields():
        if isinstance(one, ForeignKey) and one.target_field.primary_key:
            back = None if one.remote_field.multiple else one.remote_field
            target = one.remote_field.model
            ask = _by_column(target, target._meta.pk.name)
            found[one.name] = _Link(one, one.attname, ask, back)
        elif isinstance(one, OneToOneRel) and one.field.target_field.primary_key:
            ask = _by_column(one.related_model, one.field.name)
            found[one.get_accessor_name()] = _Link(one, model._meta.pk.attname, ask, one.field)
    return found


@cache
def _led_by(model: type[Model], name: str, shape: Shape) -> tuple[Any, Prepared]:
    field: Any = getattr(model, name).field
    rows = field.model._default_manager
    key = KEY if isinstance(field.target_field, UUIDField) else NUMBER
    return field, Prepared(lambda key: shape(rows.filter(**{field.name: key})), key)


@cache
def _by_column(model: type[Model], column: str) -> Prepared:
    wanted: Any = model._meta.get_field(column)
    wanted = wanted.target_field if wanted.is_relation else wanted

    def build(key: Any) -> QuerySet[Any]:
        return model._base_manager.filter(**{column: key})

    return Prepared(build, KEY if isinstance(wanted, UUIDField) else NUMBER)
