"""Take the next number of a kind, or of several at once."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import F

from crm.cursor import cursor_of
from crm.ledger.models import Counter
from crm.new_rows import insert_all
from crm.prepared import Change, Hole
from engine.errors import EngineError


def next_number(kind: str, period: str = "", *, first: Callable[[], int] = lambda: 1) -> int:
    """Return the next number of a kind in a period and keep the counter locked until the commit.
    `first` is asked where its numbers begin when there is none yet.

    Rolled back with the saving transaction, so no number is lost or given twice. Raises EngineError
    outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise EngineError("a number is taken only inside the saving transaction")
    taken = TAKEN.rows(kind=kind, period=period)
    if not taken:
        insert_all([Counter(kind=kind, period=period, last=first() - 1)], ignore_conflicts=True)
        taken = TAKEN.rows(kind=kind, period=period)
    ((number,),) = taken
    return int(number)


def next_numbers(*counters: tuple[str, str], first: Callable[[], int] = lambda: 1) -> list[int]:
    """Return the next numbers of several kinds in their periods by one statement; the counters are
    locked in the order given. `first` is asked where the first of them begins.

    Where one of them is not there yet, none is taken by it but each by its own, in the same order.
    Raises EngineError outside a transaction."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise EngineError("a number is taken only inside the saving transaction")
    places = ", ".join(f"({at}, %s, %s)" for at in range(len(counters)))
    lock = " FOR UPDATE OF c" if connection.features.has_select_for_update else ""
    bound = [text for counter in counters for text in counter]
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        cursor = cursor_of(connection)
        cursor.execute(_ALL.format(places=places, count=len(counters), lock=lock), bound)
        taken = {(kind, period): number for kind, period, number in cursor.fetchall()}
    if not taken:
        (kind, period), *others = counters
        return [next_number(kind, period, first=first), *(next_number(*one) for one in others)]
    return [taken[counter] for counter in counters]


# An UPDATE of several rows locks them as they lie, two of them might wait for each other.
_ALL = """
WITH wanted(at, kind, period) AS (VALUES {places}), there AS (
    SELECT w.at, c.id FROM wanted w JOIN ledger_counter c ON c.kind = w.kind AND c.period = w.period
), locked AS (
    SELECT c.id FROM there JOIN ledger_counter c ON c.id = there.id
    WHERE (SELECT COUNT(*) FROM there) = {count} ORDER BY there.at{lock}
)
UPDATE ledger_counter SET last = last + 1 FROM locked WHERE ledger_counter.id = locked.id
RETURNING kind, period, last
"""
TAKEN = Change(
    lambda: (
        Counter.objects.filter(kind=Hole(Counter, "kind"), period=Hole(Counter, "period")),
        {"last": F("last") + 1},
    ),
    "last",
)
