"""What a lot went into and what it was made of, over any number of steps."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

_FORWARD = """
WITH RECURSIVE down(lot) AS (
    SELECT id FROM ledger_lot WHERE id IN ({ids})
    UNION SELECT e.child_id FROM down JOIN ledger_edge e ON e.parent_id = down.lot
    WHERE e.voided_by_id IS NULL
) SELECT lot FROM down
"""


def forward_ids(lots: Iterable[int]) -> set[int]:
    """Return the ids of lots and of everything that was made of them, themselves included."""
    wanted = sorted(set(lots))
    if not wanted:
        return set()
    holes = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_FORWARD.format(ids=holes), wanted)
        return {row[0] for row in cursor.fetchall()}
