"""What a kind of record and a catalogue are: `crm/<app>/records.py` names those of its app.

`RECORDS` are the kinds that have a table, `LINES` those that have none (a line of a form: kind to
its fields), `CATALOGUES` the lists that people pick from; each may be left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of record with a table. `fields` are what expressions may read of it, each with its
    type: the name of a column, a related row or manager, a property or an annotation of `rows`.

    `title` is what people see of a row; `str` of it by default. `states` are the fields that
    lifecycles move: they stay plain codes. `rows` is how rows are read, where that needs
    `select_related` or annotations (subqueries alone: the same rows are read under a lock).

    `locked`: an operation gets its rows under their lock though they have no state, for what it
    counts of them; before those of kinds that come later, as it locks in the order of kinds."""

    model: type[Model]
    fields: Mapping[str, str]
    title: Callable[[Any], str] = str
    states: tuple[str, ...] = ("state",)
    rows: Callable[[], QuerySet[Any]] | None = None
    locked: bool = False

    def all(self) -> QuerySet[Any]:
        """Return how its rows are read."""
        return self.rows() if self.rows else self.model._default_manager.all()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A list that people pick from: the kind of its rows, and those that may be chosen now in the
    order of the buttons.

    `key` is the column with the folded name by which they are found; an empty one is a short list
    that is searched by its titles."""

    kind: str
    rows: Callable[[], QuerySet[Any]]
    key: str = "name_key"
