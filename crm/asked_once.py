"""Questions to the rows that are answered once until something is written, and messages that are
written together.

A dispatcher asks the same of every mix of an order, a form the same of every question. Inside
`remembering` an answer stands until this connection writes or locks anything: whatever waits for
somebody is a statement that writes or locks, so what is asked after a wait is asked anew. Outside
of a transaction nothing is remembered. Start at `asked_once` and `write_last`."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from threading import local
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from crm.new_rows import Statement, insert_all, new_all

P = ParamSpec("P")
Answer = TypeVar("Answer")
READS = ("SELECT", "WITH")
WRITES = re.compile(r" FOR |INSERT INTO |UPDATE |DELETE FROM ")  # locks, or parts that write
MESSAGES = "outbox_notice"  # their table
WRITES_PEOPLE = re.compile(r'(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) "people_person')
_mine = local()
PARTS = ("SAVEPOINT", "RELEASE SAVEPOINT")  # a part begins or has ended well: no row is another


class _Memory:
    """What was answered in a transaction; sees every statement of its connection."""

    def __init__(self) -> None:
        self.answers: dict[Hashable, Any] = {}  # until the next write
        self.lasting: dict[Hashable, Any] = {}
        self.plain: dict[Any, None] = {}  # questions that were noted
        self.noting = False
        self.unwritten: list[Model] = []  # messages to be written last
        self.connection = connections[DEFAULT_DB_ALIAS]
        self.inside = self.connection.in_atomic_block  # of a transaction that ends after it

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if self.unwritten:
            self._write_before(sql)
        if (self.answers or self.noting) and not leaves_rows(sql):
            self.answers.clear()
            self.noting = False
        # Back at a savepoint locks that were taken since are free; who somebody is may be written.
        if sql.startswith("ROLLBACK") or (self.lasting and writes_people(sql)):
            self.lasting.clear()
        return execute(sql, params, many, context)

    def _write_before(self, sql: str) -> None:
        """Write what is left to be written before anybody looks for it, and where a part begins:
        one that is taken back takes its own along."""
        if sql.startswith("ROLLBACK"):
            self.unwritten.clear()
        elif sql.startswith(PARTS[0]) or MESSAGES in sql:
            self.write()

    def write(self) -> None:
        """Write what is left to be written; what is there already stays as it is."""
        rows, self.unwritten = self.unwritten, []
        insert_all(rows, ignore_conflicts=True)


@lru_cache(maxsize=512)
def leaves_rows(sql: str) -> bool:
    """Tell whether a statement neither writes nor locks.

    >>> leaves_rows("SELECT id FROM mix"), leaves_rows("SELECT id FROM mix FOR UPDATE")
    (True, False)
    >>> leaves_rows("UPDATE mix SET line = 1"), leaves_rows("ROLLBACK TO SAVEPOINT s1")
    (False, False)
    >>> leaves_rows("WITH part_0 AS (UPDATE mix SET line = 1) INSERT INTO chat VALUES (1)")
    False
    """
    return sql.startswith(PARTS) or (sql.lstrip().startswith(READS) and not WRITES.search(sql))


def writes_people(sql: str) -> bool:
    """Tell whether a statement writes who somebody is.

    >>> writes_people('UPDATE "people_person" SET "active" = 0'), writes_people("SELECT 1")
    (True, False)
    """
    return not sql.startswith("SELECT") and bool(WRITES_PEOPLE.search(sql))


@contextmanager
def remembering() -> Iterator[None]:
    """Remember answers until something is written, inside the transaction that is open; one inside
    another is the same."""
    if _memory() is not None:
        yield
        return
    memory = _mine.memory = _Memory()
    try:
        with memory.connection.execute_wrapper(memory):
            yield
            if memory.unwritten and not memory.connection.needs_rollback:
                memory.write()
    finally:
        _mine.memory = None


def remembered(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return what was answered to a question, or ask."""
    memory = _memory()
    if memory is None or not memory.connection.in_atomic_block:
        return ask()
    if key not in memory.answers:
        memory.answers[key] = ask()  # what writes while it is asked leaves but this one answer
    found: Answer = memory.answers[key]
    return found


def lasting(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return what was answered to a question whose answer stands until the transaction ends or
    goes back, or ask: who somebody is, the lock of a row."""
    memory = _memory()
    if memory is None or not memory.connection.in_atomic_block:
        return ask()
    if key not in memory.lasting:
        memory.lasting[key] = ask()
    found: Answer = memory.lasting[key]
    return found


def note_from_here() -> None:
    """Note the questions that are asked from here to the next write."""
    memory = _memory()
    if memory is not None:
        memory.plain, memory.noting = {}, True


def note(question: Hashable) -> None:
    """Note that a question was asked that needs nothing given."""
    memory = _memory()
    if memory is not None and memory.noting:
        memory.plain[question] = None


def noted() -> tuple[Any, ...]:
    """Return the questions that were noted last in this transaction."""
    memory = _memory()
    return tuple(memory.plain) if memory is not None else ()


def remembers() -> bool:
    """Tell whether what is asked now is remembered until a write."""
    memory = _memory()
    return memory is not None and memory.connection.in_atomic_block


def is_remembered(key: Hashable) -> bool:
    """Tell whether a question was answered since the last write."""
    memory = _memory()
    return memory is not None and key in memory.answers


def write_last(messages: Sequence[Model]) -> None:
    """Write new messages, those that are there already stay as they are: with all others of this
    transaction by one statement, before anybody asks for one, a part begins, or it ends. Where
    nothing is remembered, at once."""
    memory = _memory()
    if memory is not None and memory.inside:
        memory.unwritten += messages
    else:
        insert_all(messages, ignore_conflicts=True)


def taken_over() -> list[Statement]:
    """Return what writes the messages that are left to be written, for who writes more at once."""
    memory = _memory()
    if memory is None:
        return []
    rows, memory.unwritten = memory.unwritten, []
    return new_all(rows, ignore_conflicts=True)


def asked_once(ask: Callable[P, Answer]) -> Callable[P, Answer]:
    """Make a function that only reads answer once until something is written. Rows among its
    arguments are told by their keys, so it may use nothing of theirs that is not saved; nobody may
    change its answer."""

    @wraps(ask)
    def once(*given: P.args, **named: P.kwargs) -> Answer:
        return remembered((ask, given, tuple(named.items())), lambda: ask(*given, **named))

    return once


def _memory() -> _Memory | None:
    """Return the memory of this thread, whose connection is no other's."""
    return getattr(_mine, "memory", None)
