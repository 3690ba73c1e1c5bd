"""What a database takes for the value of a column, worked out once for the column.

Django asks the column about each value anew, through half a dozen calls, though most are bound as
they are. Whatever is not plain is still said by the column itself. Start at `Way`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import ForeignKey

Types = frozenset[type]
TEXT, WHOLE, NOTHING = frozenset({str}), frozenset({int}), frozenset[type]()
AS_THEY_ARE: Mapping[type, Types] = {  # values of exactly these types, for any database
    models.CharField: TEXT,
    models.TextField: TEXT,
    models.BooleanField: frozenset({bool}),
    models.AutoField: WHOLE,
    models.BigAutoField: WHOLE,
}
NUMBERS = {  # as they are for SQLite; PostgreSQL is told how wide they are
    models.IntegerField,
    models.BigIntegerField,
    models.SmallIntegerField,
    models.PositiveIntegerField,
    models.PositiveBigIntegerField,
    models.PositiveSmallIntegerField,
}


class Way:
    """How the values of a column are bound."""

    __slots__ = ("as_they_are", "column", "moments")

    def __init__(self, column: Any, vendor: str) -> None:
        kept = type(column.target_field if isinstance(column, ForeignKey) else column)
        numbers = WHOLE if vendor == "sqlite" and kept in NUMBERS else NOTHING
        self.as_they_are = AS_THEY_ARE.get(kept, numbers)
        self.column, self.moments = column, kept is models.DateTimeField

    def __call__(self, value: Any, connection: Any) -> Any:
        """Return a value as the database takes it."""
        if value is None or type(value) in self.as_they_are:
            return value
        if self.moments and type(value) is datetime and value.tzinfo is UTC:
            return _moment(value)
        return self.column.get_db_prep_save(value, connection)


@lru_cache(maxsize=256)
def _moment(value: datetime) -> Any:
    """Return a moment of UTC as the database takes it: an operation writes one into dozens of
    columns. Of a zone with summer time two moments of a night would be one here."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value)
