"""What is sealed: the append-only tables that are numbered in the order of writing, and what a row
of each says, in the words of its database.

A column that a later version adds is no part of what old rows say: columns are named here, one by
one, and a list is never changed, only followed by another table's."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.db import connection

ROW = struct.Struct(">Q16s")  # an id, half a digest
RESET = "reset"  # the record of a corrected value that says how far a reset emptied a table
_FETCHED = 2000  # rows at once


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table, its columns and those of them that are moments; `source` is what is read."""

    source: str
    columns: tuple[str, ...]
    moments: tuple[str, ...]


_EVENT = ("kind", "by_id", "session", "source", "key", "reverses_id", "reason", "digest")
TABLES = {
    "ledger_posting": Sealed(
        # An event says nothing without its lines: each of them carries what it says.
        "ledger_posting r LEFT JOIN ledger_event e ON e.id = r.event_id",
        (
            *("r.event_id", "r.lot_id", "r.account", "r.grams", "r.order_id", "r.mix_id"),
            *(f"e.{name}" for name in _EVENT),
        ),
        ("e.occurred_at", "e.recorded_at"),
    ),
    "ledger_statehistory": Sealed(
        "ledger_statehistory r",
        (
            *("r.record", "r.record_id", "r.from_state", "r.to_state", "r.transition"),
            *("r.by_id", "r.reason", "r.digest"),
        ),
        ("r.at",),
    ),
    "people_signin": Sealed(
        "people_signin r", ("r.account_id", "r.outcome", "r.address", "r.program"), ("r.at",)
    ),
    "quality_limitversion": Sealed(
        "quality_limitversion r",
        (
            *("r.name", "r.title", 'r."when"', "r.position", "r.least", "r.most", "r.unit"),
            *("r.source", "r.version", "r.author_id", "r.reason"),
        ),
        ("r.since",),
    ),
    "audit_valuechange": Sealed(
        "audit_valuechange r",
        (
            *("r.record", "r.record_id", "r.part", "r.field", "r.old", "r.new"),
            *("r.by_id", "r.reason", "r.digest"),
        ),
        ("r.at",),
    ),
}


def said(table: str, after: int, last: int, most: int | None = None) -> Iterator[tuple[int, bytes]]:
    """Give the id of each row after one up to another, and half the digest of what it says, in
    their order and at most so many."""
    form = TABLES[table]
    if connection.vendor == "postgresql":
        moments = (f"extract(epoch FROM {name})" for name in form.moments)
        text = f"ROW({', '.join((*form.columns, *moments))})::text"
    else:
        text = f"json_array({', '.join((*form.columns, *form.moments))})"
    query = f"SELECT r.id, {text} FROM {form.source} WHERE r.id > %s AND r.id <= %s ORDER BY r.id"  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(f"{query} LIMIT {most}" if most else query, [after, last])
        while found := cursor.fetchmany(_FETCHED):
            for pk, words in found:
                yield pk, sha256(f"{pk}:{words}".encode()).digest()[:16]
