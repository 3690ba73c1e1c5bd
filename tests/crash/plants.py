"""A plant whose bots are real processes: its database, its phones, the parent that forks them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from crm.office.seed import PEOPLE
from engine.simulator.core import Simulator
from tests import database
from tests.sizes import sizes

LABORATORY = sum(role == "lab" for _, role in PEOPLE)  # one storekeeper is told beside them
FEWEST = 20  # statements that the save of a form surely has, however cheap saves become
PATIENCE_S = 180.0  # with a busy machine
UNSHOWN = "SELECT count(*) FROM work_chat WHERE turn > shown_turn"  # what a bot has yet to note
SEED = sizes().seed
GIVEN = os.environ.get("DATABASE_URL", "")
ON_POSTGRES = GIVEN.startswith("postgres")


@dataclass
class Parent:
    """The process that forks bots, the port where they look for their phones, their common sign
    of life and the address of their numbers, of which one process at a time has it."""

    process: subprocess.Popen[str]
    port: int
    swept: Path
    numbers_url: str

    def ask(self, line: str) -> str:
        """Say a line to it and return its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@dataclass
class Plant:
    """A plant of its own: its database, its phones, the parent that forks its bots."""

    name: str
    phones_url: str
    parent: Parent
    core: Simulator

    def ask(self, line: str) -> str:
        """Say a line to the parent and return its answer."""
        return self.parent.ask(line)

    def start(self, at: int = 0, name: str = "") -> int:
        """Fork a bot and return its pid; `at` above zero kills it at that statement of a turn."""
        pid = int(self.ask(f"start {name or self.name} {at}"))
        assert pid > 0
        return pid

    def hook(self, port: int, url: str) -> int:
        """Fork a bot that updates are brought to and return its pid."""
        return int(self.ask(f"hook {self.name} {port} {url}"))

    def schedule(self) -> int:
        """Fork a scheduler and return its pid."""
        return int(self.ask(f"schedule {self.name}"))

    def one(self, sql: str, name: str = "") -> int:
        """Return the number that a query gives."""
        named = name or self.name
        if ON_POSTGRES:
            with psycopg.connect(address(named)) as rows:
                return int((rows.execute(sql).fetchone() or (0,))[0])
        with sqlite3.connect(named) as rows:
            return int(rows.execute(sql).fetchone()[0])

    def check(self, name: str = "") -> None:
        """Assert what must hold after every crash."""
        assert self.one("SELECT count(*) FROM production_rawbatch", name) == 1
        assert self.one("SELECT count(*) FROM ledger_event", name) == 1
        assert self.one("SELECT sum(grams) FROM ledger_posting", name) == 0
        physical = "SELECT physical_grams FROM ledger_balance WHERE account = 'raw_store'"
        assert self.one(physical, name) == 18_250_500
        told = (
            "SELECT count(*) FROM outbox_notice WHERE kind = 'message' AND event LIKE '%:after:%'"
        )
        assert self.one(told, name) == 1 + LABORATORY
        groups = "SELECT 1 FROM outbox_notice GROUP BY event, person_id, chat_id"
        twice = f"SELECT count(*) FROM ({groups} HAVING count(*) > 1) AS t"
        assert self.one(twice, name) == 0


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def address(name: str) -> str:
    """Return the address of a database of this engine."""
    return database.named(GIVEN, name) if ON_POSTGRES else f"sqlite:///{name}"


def copied(source: str, target: str) -> None:
    """Copy a database that nobody has open."""
    if not ON_POSTGRES:
        with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
            one.backup(other)
        return
    with psycopg.connect(GIVEN, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {target} TEMPLATE {source}")


def dropped(name: str) -> None:
    """Delete a database, if it is there."""
    if not ON_POSTGRES:
        Path(name).unlink(missing_ok=True)
        return
    with psycopg.connect(GIVEN, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
