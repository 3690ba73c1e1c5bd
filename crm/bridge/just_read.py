"""The rows behind the records that a dispatcher has just read and locked: a fact asked about one of
them needs no reading of its own.

A record is known by itself, not by its id: one that was read earlier or elsewhere is read anew.
Whatever writes forgets all of them."""

from __future__ import annotations

from django.db.models import Model

from engine.model.values import Row

MOST = 2000  # rows; a dispatcher that writes nothing forgets nothing


class JustRead:
    """Rows by the record that was made of each."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[Row, Model]] = {}

    def keep(self, record: Row, row: Model) -> Row:
        """Remember the row of a record; return the record."""
        if len(self._rows) >= MOST:
            self.forget()
        self._rows[id(record)] = record, row
        return record

    def row(self, record: Row) -> Model | None:
        """Return the row of this very record; None when it is not known any more."""
        found = self._rows.get(id(record))
        return found[1] if found is not None and found[0] is record else None

    def forget(self) -> None:
        """Forget every row."""
        self._rows.clear()
