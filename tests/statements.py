"""What tests say to a database, told apart by shape: whether those that run on one engine alone say
nothing to it that the others do not.

A plugin of pytest, which `BOTH=1 python -m tests` gives to the run on PostgreSQL: that run then
repeats the tests marked `either_engine` too, and is red when one of them alone sends a statement.
Start at `shape`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.db.backends.signals import connection_created

MARK = "either_engine"
# What says how many values there are, or which, is no part of a shape.
SAME = (
    (re.compile(r"\(\s*%s(?:\s*,\s*%s)*\s*\)"), "(…)"),
    (re.compile(r"VALUES .*?(?= RETURNING| ON CONFLICT|$)", re.DOTALL), "VALUES …"),
    (re.compile(r"(?:WHEN .*? THEN .*? )+", re.DOTALL), "WHEN … "),
    (re.compile(r'SAVEPOINT "[^"]*"'), "SAVEPOINT …"),
    (re.compile(r"'[^']*'|\b\d+\b"), "…"),
)


@cache
def shape(sql: str) -> str:
    """Return a statement without its values."""
    for pattern, put in SAME:
        sql = pattern.sub(put, sql)
    return sql


class Statements:
    """What the tests of a run sent: those that are marked, and the others."""

    def __init__(self) -> None:
        self.marked, self.others = set[str](), set[str]()
        self._now = self.others
        connection_created.connect(self._listen, weak=False)

    def _listen(self, sender: object, connection: Any, **_: object) -> None:
        if self._hear not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._hear)

    def _hear(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        self._now.add(shape(str(sql)))
        return execute(sql, *rest)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Hear for whom a test speaks."""
        self._now = self.marked if item.get_closest_marker(MARK) else self.others
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what an xdist worker has heard."""
        self.marked.update(node.workeroutput.get("marked", ()))
        self.others.update(node.workeroutput.get("others", ()))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand on what was heard; without anybody to hand it to, judge it."""
        worker = getattr(session.config, "workeroutput", None)
        if worker is not None:
            worker |= {"marked": sorted(self.marked), "others": sorted(self.others)}
        elif self.marked - self.others and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Name what only marked tests sent."""
        if alone := sorted(self.marked - self.others):
            terminalreporter.section(f"only tests marked {MARK} send these: take the mark off one")
            terminalreporter.write_line("\n".join(alone))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Statements())
