"""What tests say to a database, told apart by shape: whether those that run on SQLite alone say
nothing to PostgreSQL that the others do not.

A plugin of pytest, which `BOTH=1 python -m tests` gives to the run on PostgreSQL: that run then
repeats the tests of `either_engine.txt` too, and is red when one of them alone sends a statement.
`BOTH=write` writes that list anew. Start at `shape` and `repeated`."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.db import Error
from django.db.backends.signals import connection_created

MARK, WRITE = "either_engine", "write"
LIST = Path(__file__).with_name("either_engine.txt")
# Files whose tests are never listed: about a database itself, or about many who use it at once.
BOTH = (
    *("tests/crash/", "tests/e2e/", "tests/soak/", "tests/crm/ledger/", "tests/crm/outbox/"),
    *("tests/crm/bridge/test_ports.py", "tests/crm/test_", "tests/crm/plant/test_machine.py"),
    *("tests/crm/production/test_order_rounds.py", "tests/crm/production/test_place_rounds.py"),
    *("tests/crm/faults/test_numbers.py", "tests/crm/faults/test_kilograms.py"),
    "tests/crm/plant/test_simulate.py",
)
# What says how many values there are, or which, is no part of a shape.
SAME = (
    (re.compile(r"\(\s*%s(?:\s*,\s*%s)*\s*\)"), "(…)"),
    (re.compile(r"VALUES .*?(?= RETURNING| ON CONFLICT|$)", re.DOTALL), "VALUES …"),
    (re.compile(r"(?:WHEN .*? THEN .*? )+", re.DOTALL), "WHEN … "),
    (re.compile(r"'[^']*'|\b\d+\b"), "…"),
)


# Where one of the writes that `crm.at_once` sends together ends and the next begins.
TOGETHER = "WITH part_0 AS ("
PARTS = re.compile(
    r"WITH part_0 AS \(|\), part_\d+ AS \(|\) (?=(?:INSERT INTO|UPDATE|DELETE FROM) )"
)
OF_A_RUN = ("CREATE DATABASE", "DROP DATABASE")
SAVEPOINT = 'SAVEPOINT "'  # each has a name of its own: to remember them took all the memory
REMEMBERED = 20_000  # statements


def shape(sql: str) -> str:
    """Return a statement without its values."""
    before, named, _ = sql.partition(SAVEPOINT)
    return f"{before}{named}…" if named else _shape(sql)


def shapes(sql: str) -> list[str]:
    """Return a statement without its values; of writes that are sent together, each."""
    alone = PARTS.split(sql)[1:] if sql.startswith(TOGETHER) else [sql]
    return [shape(one) for one in alone]


@lru_cache(maxsize=REMEMBERED)
def _shape(sql: str) -> str:
    for pattern, put in SAME:
        sql = pattern.sub(put, sql)
    return sql


@dataclass
class Sent:
    """What a test sent, how many seconds it took, and whether it must run on both engines."""

    seconds: float = 0.0
    shapes: set[str] = field(default_factory=set)
    on_both: bool = False


def repeated(tests: Mapping[str, Sent]) -> list[str]:
    """Return the tests that may run on either engine: from the longest on, each whose every
    statement is sent by another one that is not returned."""
    senders = Counter(one for sent in tests.values() for one in sent.shapes)
    found = []
    for name, sent in sorted(tests.items(), key=lambda test: -test[1].seconds):
        free = not (sent.on_both or name.startswith(BOTH))
        if free and all(senders[one] > 1 for one in sent.shapes):
            senders.subtract(sent.shapes)
            found.append(name)
    return sorted(found)


def on_both(item: pytest.Item) -> bool:
    """Tell whether a test draws its examples, commits for other connections to see, or is about
    PostgreSQL itself: the run on SQLite leaves that out."""
    asked = item.get_closest_marker("django_db")
    if item.get_closest_marker("postgres_only"):
        return True
    drawn = bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))
    commits = bool(asked and asked.kwargs.get("transaction"))
    return drawn or commits or "transactional_db" in getattr(item, "fixturenames", ())


class Statements:
    """What the tests of a run sent."""

    def __init__(self) -> None:
        self.tests: dict[str, Sent] = {}
        self.marked = set[str]()
        self._now = Sent()
        connection_created.connect(self._listen, weak=False)

    def _listen(self, sender: object, connection: Any, **_: object) -> None:
        if self._hear not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._hear)

    def _hear(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        if not str(sql).startswith(OF_A_RUN):  # said when the first test begins and the last ends
            self._now.shapes.update(shapes(str(sql)))
        try:
            return execute(sql, *rest)
        except Error:
            self._now.on_both = True  # each engine has its own way to refuse
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Hear for whom a test speaks."""
        self._now = self.tests[item.nodeid] = Sent(on_both=on_both(item))
        if item.get_closest_marker(MARK):
            self.marked.add(item.nodeid)
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up what a test took."""
        if report.nodeid in self.tests:
            self.tests[report.nodeid].seconds += report.duration

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what an xdist worker has heard."""
        shapes = node.workeroutput.get("shapes", ())
        for name, seconds, places, on_both in node.workeroutput.get("sent", ()):
            self.tests[name] = Sent(seconds, {shapes[place] for place in places}, on_both)
        self.marked.update(node.workeroutput.get("marked", ()))

    def alone(self) -> list[str]:
        """Return what only marked tests sent."""
        sent: dict[bool, set[str]] = {True: set(), False: set()}
        for name, one in self.tests.items():
            sent[name in self.marked] |= one.shapes
        return sorted(sent[True] - sent[False])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand on what was heard; without anybody to hand it to, judge it or write the list."""
        worker = getattr(session.config, "workeroutput", None)
        if worker is not None:
            # A shape is said once, however many tests sent it: said for each it was gigabytes.
            shapes = sorted({shape for one in self.tests.values() for shape in one.shapes})
            at = {shape: place for place, shape in enumerate(shapes)}
            sent = [
                (name, one.seconds, [at[shape] for shape in sorted(one.shapes)], one.on_both)
                for name, one in self.tests.items()
            ]
            worker |= {"sent": sent, "shapes": shapes, "marked": sorted(self.marked)}
        elif os.environ.get("BOTH") == WRITE:
            LIST.write_text("".join(f"{name}\n" for name in repeated(self.tests)), "utf-8")
        elif self.alone() and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Name what only marked tests sent."""
        if alone := self.alone():
            terminalreporter.section(f"only tests of {LIST.name} send these: BOTH=write mends it")
            terminalreporter.write_line("\n".join(alone))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Statements())
