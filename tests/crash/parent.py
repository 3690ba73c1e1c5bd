"""A process that has the imports done and forks bots on request: a start costs no imports.

Reads lines from standard input: `start <database> <n>` forks a bot on a database and prints its
pid; with n above zero the bot kills itself at the n-th SQL statement of the first turn that it
gets. `alive` tells whether the last bot is, `kill` ends all. `send <pid> <signal>` sends a bot a
signal, `ended <pid>` waits for its end and prints its code. `seed <database>` puts the first data
there. The lease of the bots lasts `LEASE_S`."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection, connections
from django.db.backends.signals import connection_created

import engine.telegram.bot  # noqa: F401 - seconds of imports, done once
from crm.bridge import announce, files, lease, papers, ports, program, timers  # noqa: F401
from crm.commands.bot import run
from crm.office.seed import seed

LEASE_S = 3.0


class Killer:
    """Counts the statements of the first turn that this bot gets; kills the process at the n-th.

    A turn begins to count where its update is marked as handled, and ends with its transaction."""

    def __init__(self, at: int) -> None:
        self.at, self.seen, self.inside = at, 0, False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "work_update" in sql and sql.startswith("INSERT"):
            self.inside = True
        if self.inside and connection.in_atomic_block:
            self.seen += 1
            if self.seen == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        elif self.inside:
            self.inside = False
        return execute(sql, *rest)


def seeded(database: str) -> None:
    """Load the first data into a database, in a child: a bot must not inherit the connection."""
    child = os.fork()
    if not child:
        on(database)
        seed()
        os._exit(0)
    _, code = os.waitpid(child, 0)
    print("seeded" if code == 0 else "failed", flush=True)


def on(database: str) -> None:
    """Let this process work on a database."""
    connections.databases["default"]["NAME"] = database
    connections.settings["default"]["NAME"] = database


def bot(database: str, at: int) -> None:
    """Be a bot on a database until killed."""
    on(database)
    killer = Killer(at)

    def armed(sender: object, connection: Any, **_: object) -> None:
        connection.execute_wrappers.append(killer)

    connection_created.connect(armed, weak=False)
    asyncio.run(run())
    os._exit(0)


def main() -> None:
    """Serve requests until the input ends."""
    program.program()
    print("ready", flush=True)
    lease.LASTS_S = LEASE_S
    children: list[int] = []
    for line in sys.stdin:
        match line.split():
            case ["start", database, at]:
                child = os.fork()
                if not child:
                    bot(database, int(at))
                children.append(child)
                print(child, flush=True)
            case ["kill"]:
                for child in children:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                children.clear()
                print("killed", flush=True)
            case ["send", pid, name]:
                os.kill(int(pid), signal.Signals[name])
                print("sent", flush=True)
            case ["ended", pid]:
                _, code = os.waitpid(int(pid), 0)
                children.remove(int(pid))
                print(os.waitstatus_to_exitcode(code), flush=True)
            case ["alive"]:
                dead, _ = os.waitpid(children[-1], os.WNOHANG)
                if dead:
                    children.pop()
                print("no" if dead else "yes", flush=True)
            case ["seed", database]:
                seeded(database)


if __name__ == "__main__":
    main()
