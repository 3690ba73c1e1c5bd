"""The bot's connection to the database, and what is done about transactions that meet.

Django tries a connection at the start of a request; the bot has no requests. Locks are taken in one
order within the ledger (`crm.ledger.operations.lock`); a turn, though, locks first the record that
somebody pressed a button of and then what it is about, so two turns about one order may come from
both ends and wait for each other. PostgreSQL then rolls one of them back: it is done once more,
where its transaction begins, and finds what the other one did. Start at `once_more`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import Error, OperationalError, connection, transaction
from django.db.models import Model, QuerySet

from crm.asked_once import remembering
from engine.errors import Clash

P = ParamSpec("P")
Result = TypeVar("Result")
Row = TypeVar("Row", bound=Model)

CLASHES = {"40P01", "40001"}  # of PostgreSQL: a deadlock, a failure to serialize
TRIES = 20  # each lets another one through: so many in a row means that something else is wrong
REPEATING = 4_001_401  # the number of the advisory lock of who repeats his work

log = logging.getLogger(__name__)


def on_rows(work: Callable[[], Result]) -> Result:
    """Do some work on the rows and return what it returns.

    After an error the connection may be dead (the database was restarted): it is opened anew. A
    connection without errors is trusted: trying it would cost every turn a statement. When it
    turns out to be lost before anything of the work can have been kept, the work is done anew."""
    if connection.in_atomic_block:
        return work()
    if connection.errors_occurred:
        connection.close()
    watch = _Watch()
    try:
        with connection.execute_wrapper(watch):
            return once_more(work)
    except Error:
        if watch.kept or not watch.lost:
            raise
    log.info("the connection was lost before anything was kept: opened anew")
    connection.close()
    return once_more(work)


class _Watch:
    """What was sent of some work: `kept` when a commit may have reached the database, `lost` when
    the connection broke under a statement. A commit is no statement to this watch: it may have
    succeeded although it failed. A file of SQLite cannot be lost."""

    def __init__(self) -> None:
        self.kept = self.lost = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if connection.in_atomic_block:
            transaction.on_commit(self._keep)
        elif not sql.startswith("SELECT"):
            self._keep()  # commits by itself
        try:
            return execute(sql, *rest)
        except Error:
            self.lost = self.lost or bool(getattr(connection.connection, "closed", False))
            raise

    def _keep(self) -> None:
        self.kept = True


def once_more(work: Callable[[], Result]) -> Result:
    """Do some work that begins its own transactions, once more from the start when it was rolled
    back for another's sake. Inside a transaction it is done once: the whole is what is repeated."""
    if connection.in_atomic_block:
        return work()
    try:
        return work()
    except (Clash, OperationalError) as error:
        if not is_clash(error):
            raise
    with alone():
        for tried in range(1, TRIES):
            try:
                log.info("rolled back for another transaction, done once more (%s)", tried)
                return work()
            except (Clash, OperationalError) as error:
                if not is_clash(error):
                    raise
        return work()


@contextmanager
def alone() -> Iterator[None]:
    """Wait until nobody else repeats his work, and keep others from it until the end.

    Eight who meet and all begin anew only meet again; one of them against those who come for the
    first time is rolled back at most once for each of these, and each then has done his work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [REPEATING])
        try:
            yield
        finally:
            if connection.is_usable():  # a lost connection has taken its lock along
                cursor.execute("SELECT pg_advisory_unlock(%s)", [REPEATING])


def repeatable(work: Callable[P, Result]) -> Callable[P, Result]:
    """Make a function that begins a transaction of its own one that is done `once_more`."""

    @wraps(work)
    def repeated(*given: P.args, **named: P.kwargs) -> Result:
        return once_more(partial(work, *given, **named))

    return repeated


@contextmanager
def part() -> Iterator[None]:
    """Be a part of a transaction that may fail alone. Raises Clash when the whole must begin anew:
    whoever catches what broke must let that through."""
    try:
        with transaction.atomic(), remembering():
            yield
    except OperationalError as error:
        if is_clash(error):
            raise Clash(str(error)) from error
        raise


def locked(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Lock rows until the commit, in the order of their keys, and return them to be read.

    Two statements on PostgreSQL: one that waits for a lock sees the row anew when it gets it, but
    what is joined to the row as it was before the wait, so a winner would have no name."""
    if connection.features.has_select_for_update:
        list(locking(rows))
    return rows


def locking(rows: QuerySet[Row], *, skip: bool = False) -> QuerySet[Row, Any]:
    """Return what locks rows when it is read and gives their keys; with `skip` only of those that
    nobody holds."""
    alone = rows.select_related(None).prefetch_related(None).order_by("pk")
    return alone.select_for_update(of=("self",), skip_locked=skip).values_list("pk")


def is_clash(error: Exception) -> bool:
    """Tell whether the database rolled back a transaction for the sake of another one."""
    return isinstance(error, Clash) or getattr(error.__cause__, "sqlstate", None) in CLASHES
