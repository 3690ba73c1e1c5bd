"""Texts of a group of rows as one text, on both engines: each calls it by another name."""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, TextField, Value

COMMA = ","


class Joined(Aggregate):
    """The texts of a column with commas between them, in no order; None of no rows."""

    function, template, output_field = "STRING_AGG", "%(function)s(%(expressions)s)", TextField()

    def __init__(self, column: str, **more: Any) -> None:
        super().__init__(column, Value(COMMA), **more)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Return it as SQLite calls it."""
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **more)
