"""Texts that stand in a question to the database themselves instead of beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Value


class Written(Value):
    """A text of the program's own, written out in the SQL."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """Return the text as SQL has it, and nothing to bind."""
        text = str(self.value).replace("'", "''").replace("%", "%%")
        return f"'{text}'", ()


def written(texts: Iterable[str]) -> list[Written]:
    """Return texts for `__in`, in the order of an index of the rows that have one of them. Bound,
    SQLite does not see that the question is about these rows, and reads the table."""
    return [Written(str(text)) for text in texts]
