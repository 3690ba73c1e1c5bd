"""A process that has the imports done and forks bots on request: a start costs no imports.

Reads lines from standard input. `start <database> <n>` forks a bot on a database and prints its
pid; with n above zero the bot kills itself at the n-th SQL statement of the first turn that it
gets. `hook <database> <port> <url>` forks one that updates are brought to, `talk <database>` one
that asks for them and has a worker beside it. `alive` tells whether the last bot is, `kill` ends
all. `work <database>` forks a worker, `web <database> <port>` an office, `schedule <database>` a
scheduler, `hire <database> <n>` makes receivers, `enter <database>` makes an account and prints its
session, `wrong <database>` says what the checks find. `send <pid> <signal>` sends one a signal,
`ended <pid>` waits for its end and prints its code. `seed <database>` puts the first data there,
`late <database> <n>` n decisions that nobody has made for three days.
The lease of the bots lasts `LEASE_S`; letters that a killed one had claimed are free soon; after
`own` both last as long as in a plant: a machine that is busy with hundreds of phones would let
leases go that nobody has to let go."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.contrib.auth.models import User
from django.db import connections
from django.db.backends.signals import connection_created
from django.test import Client
from django.utils import timezone

import engine.telegram.bot  # noqa: F401 - seconds of imports, done once
from crm.audit.operations.seal import seal
from crm.audit.verify import head as audit_head
from crm.audit.verify import verify as verify_audit
from crm.bridge import announce, files, jobs, lease, papers, ports, program, timers  # noqa: F401
from crm.bridge.standing import verify_work
from crm.commands.bot import run
from crm.commands.scheduler import run as schedule
from crm.commands.worker import run as workers
from crm.configuration import settings
from crm.jobs import queue
from crm.ledger.verify import verify
from crm.office import exports
from crm.office.seed import seed
from crm.office.server import serve
from crm.outbox.operations import send
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.quality.operations.request_deviation import request_deviation
from engine.model.conversation import Actor, Bounds, Session
from engine.model.effects import Request
from engine.model.text import Text
from tests.crash.killer import Killer
from tests.sizes import sizes

LEASE_S = 12.0  # a busy machine may hold up for seconds who renews it
FIRST_HIRED = 500_001  # the chat of the first receiver that `hire` makes


def seeded(database: str) -> None:
    """Load the first data into a database, in a child: a bot must not inherit the connection."""
    child = os.fork()
    if not child:
        on(database)
        seed()
        os._exit(0)
    _, code = os.waitpid(child, 0)
    print("seeded" if code == 0 else "failed", flush=True)


def late(database: str, count: int) -> None:
    """Ask for decisions three days ago, in a child."""
    child = os.fork()
    if not child:
        on(database)
        now = timezone.now()
        for _ in range(count):
            ask(now - timedelta(days=3))
        os._exit(0)
    _, code = os.waitpid(child, 0)
    print("late" if code == 0 else "failed", flush=True)


def ask(at: datetime) -> None:
    """Ask the technologist about a truck that is too warm."""
    by = Person.objects.holding("receiver").earliest("id")
    request = Request(
        id=str(uuid4()),
        kind="body_temp",
        session=Session(uuid4(), "raw_intake", "digest", Actor(str(by.pk), by.full_name)),
        step="body_temp",
        label="температура кузова",
        value=Decimal("-5.5"),
        bounds=Bounds("receiving_temperature", None, Decimal("-8.0"), "°C", 1, "план ХАССП"),
        roles=("technologist",),
        card=Text.of("Отклонение при приёмке"),
        pictures=(),
        warn_s=900,
        breach_s=2700,
    )
    request_deviation(by, request=request, chat_id=101, at=at)


def on(database: str) -> None:
    """Let this process work on a database."""
    connections.databases["default"]["NAME"] = database
    connections.settings["default"]["NAME"] = database


def hooked(database: str, port: str, url: str) -> None:
    """Be a bot that updates are brought to, at a port behind an address, until killed."""
    on(database)
    os.environ |= {
        "WEBHOOK_URL": url,
        "WEBHOOK_SECRET": "knock-" * 6,  # pragma: allowlist secret
        "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }
    settings.cache_clear()
    asyncio.run(run(webhook=True))
    os._exit(0)


def talk() -> None:
    """Be a bot that asks for updates until killed, as one does that is alone."""
    asyncio.run(run())


def work() -> None:
    """Be a worker until killed; one without a sign of life for four seconds is gone."""
    queue.BEAT_S, queue.GONE_S = 1.0, 4.0
    asyncio.run(workers())


def web(port: str) -> None:
    """Be the office until killed; a list of more than two rows is long here."""
    exports.AT_ONCE = 2
    serve("127.0.0.1", int(port), 4)


def hire(count: str) -> int:
    """Let receivers work here, with chats of their own from `FIRST_HIRED`; return how many."""
    for number in range(int(count)):
        save_person(
            None,
            person=None,
            full_name=f"Приёмный {number}",
            roles=["receiver"],
            telegram_id=FIRST_HIRED + number,
        )
    return int(count)


def enter() -> str:
    """Let an account that may all into the office; return its session."""
    browser = Client()
    browser.force_login(User.objects.create_superuser("boss"))
    return browser.cookies["sessionid"].value


def wrong() -> str:
    """Return what checks of the books, the tasks and the audit find, in one line."""
    found = [one for one in (*verify(), *verify_work(program.program())) if one.count]
    seal(timezone.now())
    sealed = verify_audit(1, audit_head().seals)
    return "; ".join(f"{one}" for one in (*found, *sealed)).replace("\n", " ") or "nothing"


def aside(database: str, do: Callable[..., object], *given: str) -> object:
    """Do something on a database in a child and return what it says."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        on(database)
        os.write(theirs, f"{do(*given)}".encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as heard:
        said = heard.read()
    os.waitpid(child, 0)
    return said


def bot(database: str, at: int) -> None:
    """Be a bot on a database until killed; no worker is there to leave jobs to."""
    jobs.LEFT = timedelta()
    on(database)
    killer = Killer(at)

    def armed(sender: object, connection: Any, **_: object) -> None:
        # Outermost: a connection that opens under a wrapper loses its last one with that.
        connection.execute_wrappers.insert(0, killer)

    connection_created.connect(armed, weak=False)
    asyncio.run(run())
    os._exit(0)


BESIDE: dict[str, Callable[..., object]] = {
    "talk": talk, "work": work, "web": web, "hire": hire, "enter": enter, "wrong": wrong
}  # fmt: skip


def main() -> None:
    """Serve requests until the input ends."""
    program.program()
    connections.close_all()  # it has looked for a version of before
    print("ready", flush=True)
    own = lease.LASTS_S, send.CLAIM
    lease.LASTS_S = LEASE_S
    if not sizes().full:  # there is no more to send than is sent by then
        send.CLAIM = timedelta(seconds=10)
    children: list[int] = []
    for line in sys.stdin:
        match line.split():
            case ["start", database, at]:
                child = os.fork()
                if not child:
                    bot(database, int(at))
                children.append(child)
                print(child, flush=True)
            case ["hook", database, port, url]:
                child = os.fork()
                if not child:
                    hooked(database, port, url)
                children.append(child)
                print(child, flush=True)
            case ["schedule", database]:
                child = os.fork()
                if not child:
                    on(database)
                    asyncio.run(schedule())
                    os._exit(0)
                children.append(child)
                print(child, flush=True)
            case ["talk" | "work" | "web" as what, database, *rest]:
                child = os.fork()
                if not child:
                    on(database)
                    BESIDE[what](*rest)
                    os._exit(0)
                children.append(child)
                print(child, flush=True)
            case ["hire" | "enter" | "wrong" as what, database, *rest]:
                print(aside(database, BESIDE[what], *rest), flush=True)
            case ["late", database, count]:
                late(database, int(count))
            case ["own"]:
                lease.LASTS_S, send.CLAIM = own
                print("own", flush=True)
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
