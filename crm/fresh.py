"""New rows in hand, not written yet, made without asking each column what it is by default.

`Model(...)` goes through all columns of a table for each row, which costs as much as to write it. A
save makes thirty. Start at `fresh`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.base import ModelState

from crm.made_rows import refuse_own_ways
from engine.errors import EngineError

Row = TypeVar("Row", bound=Model)


def fresh(model: type[Row], **given: Any) -> Row:
    """Return a row as `model(**given)` does. Raises EngineError for what is no column of it, and
    for a table whose objects are more than their columns."""
    columns, fixed, asked, relations = _plan(model)
    made = model.__new__(model)
    held = vars(made)
    held.update(fixed, _state=ModelState())
    for name, default in asked:
        if name not in given:
            held[name] = default()
    for name, value in given.items():
        if name in relations:
            setattr(made, name, value)  # knows which rows may stand there
        elif name in columns:
            held[name] = value
        else:
            raise EngineError(f"a {model.__name__} has no {name}")
    return made


@cache
def _plan(
    model: type[Model],
) -> tuple[frozenset[str], Mapping[str, Any], list[tuple[str, Callable[[], Any]]], frozenset[str]]:
    """Return the columns, those that begin with the same value always, those whose beginning is
    made for each row, and the relations."""
    refuse_own_ways(model)
    fixed: dict[str, Any] = {}
    asked: list[tuple[str, Callable[[], Any]]] = []
    columns: tuple[Any, ...] = model._meta.concrete_fields
    for one in columns:
        if (one.has_default() and callable(one.default)) or one.has_db_default():
            asked.append((one.attname, one.get_default))
        else:
            fixed[one.attname] = one.get_default()
    fixed |= {name: None for name, _ in asked}  # all in the order of the table
    fixed = {one.attname: fixed[one.attname] for one in columns}
    relations = frozenset(one.name for one in columns if one.is_relation)
    return frozenset(fixed), fixed, asked, relations
