"""Seal the rows that were written since the last time.

Nobody who writes waits for a seal: it is set later, by the sweep. So a row that was written just
now can still be changed by whoever gets past the triggers; one that is sealed cannot be changed,
taken away, moved or put in between without being named, as long as the last digest is kept
elsewhere: whoever may write seals could write all of them anew."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import OperationalError, connection, transaction

from crm.audit.models import Seal
from crm.audit.rows import ROW, TABLES, said
from crm.one_by_one import Alone, one_by_one

FIRST = "0" * 64  # what stands before the first seal
BATCH = 1000  # rows of a seal
BUSY = "55P03"  # PostgreSQL: the lock was not to be had in that time
WAIT_MS = 100  # for those who are writing: behind us others wait as long


def seal(now: datetime, *, batches: int = 10) -> int:
    """Seal what was written, at most so many seals a table; return how many were set."""
    return sum(_seal(table, now, batches) for table in _grown())


def digest_of(seal: Seal, before: str) -> str:
    """Return the digest of a seal that follows one with the digest `before`."""
    parts = (before, str(seal.number), seal.table, str(seal.after_id), str(seal.last_id))
    moment = str(round(seal.made_at.timestamp() * 1_000_000))
    return sha256("|".join((*parts, moment, "")).encode() + bytes(seal.rows)).hexdigest()


def _grown() -> list[str]:
    """Return the tables with rows behind their last seal, by one question: mostly there are
    none."""
    asked = (
        f"SELECT '{table}' WHERE (SELECT max(id) FROM {table}) > coalesce((SELECT last_id "  # noqa: S608 - tables of ours
        f"FROM audit_seal WHERE \"table\" = '{table}' ORDER BY after_id DESC LIMIT 1), 0)"
        for table in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def _seal(table: str, now: datetime, batches: int) -> int:
    try:
        written = _written(table)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != BUSY:
            raise
        return 0  # somebody writes for long: the next sweep tries again
    with transaction.atomic():
        one_by_one(Alone.SEAL)
        made = 0
        while made < batches and _one(table, written, now):
            made += 1
    return made


def _one(table: str, written: int, now: datetime) -> bool:
    """Set one seal; tell whether there was anything to seal."""
    last = Seal.objects.order_by("number").last()
    of_table = Seal.objects.filter(table=table).order_by("after_id").last()
    after = of_table.last_id if of_table else 0
    rows = list(said(table, after, written, BATCH))
    if not rows:
        return False
    made = Seal(
        number=last.number + 1 if last else 1,
        table=table,
        after_id=after,
        last_id=rows[-1][0],
        rows=b"".join(ROW.pack(*row) for row in rows),
        made_at=now,
    )
    made.digest = digest_of(made, last.digest if last else FIRST)
    made.save(force_insert=True)
    return True


def _written(table: str) -> int:
    """Return the greatest id below which no row can still appear. PostgreSQL gives out ids before
    their rows are seen: a lock that waits for all who are writing, and is let go at once, tells
    that none of them is left. On SQLite one writes at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET LOCAL lock_timeout = {WAIT_MS}")
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - a table of ours
        return int(cursor.fetchone()[0])
