"""Work that one does at a time, in whatever process: whoever comes meanwhile waits for the end of
the transaction that does it, and then finds what it did."""

from __future__ import annotations

from enum import IntEnum

from django.db import connection


class Alone(IntEnum):
    """What is done by one at a time: the numbers of its locks."""

    SEAL = 0x5EA1
    IMPORT = 4_001_403
    PUBLISH = 4_001_404


def one_by_one(work: Alone) -> None:
    """Wait until nobody else does this work, and keep others from it to the end of the transaction
    that is open. Of SQLite one transaction writes at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [work.value])
