"""What a plant of real processes costs while nothing happens: bot, scheduler, worker and office on
one PostgreSQL, whose log says what each asks. Start at `measure`."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import psycopg

from tests import servers
from tests.bench.live import Heard, process, served, talking, used_of

MINUTE_S = 60.0
CALM_S, CALM_CPU_S = 3.0, 0.1  # a process that used less in so long has started
START_S = 180.0
SAID = ("LOG:  statement: ", "LOG:  execute ")
FRAMING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
PREFIX = "%p "  # of a line of the log: the process of the server


@dataclass(frozen=True, slots=True)
class Idle:
    """A minute of an idle plant: statements that each asks, seconds of the processor that each
    uses."""

    asked: Mapping[str, float]
    used: Mapping[str, float]


async def measure(url: str, minutes: float) -> Idle:
    """Start the processes of a plant on a seeded database, and listen for so long."""
    async with AsyncExitStack() as stack:
        heard = Heard()
        address = await stack.enter_async_context(served(heard))
        port = servers.free_port()
        files = stack.enter_context(tempfile.TemporaryDirectory())
        own = {"FILES_DIR": files, "DJANGO_SETTINGS_MODULE": "crm.settings"}
        bot = await stack.enter_async_context(
            talking(heard, address, "cli.py", "bot", PGAPPNAME="bot", **own)
        )
        others = {
            name: await stack.enter_async_context(process("cli.py", *words, PGAPPNAME=name, **own))
            for name, words in {
                "scheduler": ("scheduler",),
                "worker": ("worker",),
                "web": ("web", "--port", str(port)),
            }.items()
        }
        pids = {"bot": bot.pid} | {name: one.pid for name, one in others.items()}
        await asyncio.gather(*(_calm(pid) for pid in pids.values()))
        await asyncio.to_thread(_page, port)
        log = _log(url)
        await asyncio.to_thread(_tell_all, url)
        await asyncio.sleep(1)
        heard_from = log.stat().st_size
        before, began = {name: used_of(pid) for name, pid in pids.items()}, time.monotonic()
        await asyncio.sleep(minutes * MINUTE_S)
        passed = (time.monotonic() - began) / MINUTE_S
        used = {name: (used_of(pid) - before[name]) / passed for name, pid in pids.items()}
        with log.open("rb") as lines:
            lines.seek(heard_from)
            counted = asked(lines.read().decode(errors="replace"))
    return Idle({name: count / passed for name, count in counted.items()}, used)


def asked(log: str) -> Mapping[str, int]:
    """Count the statements of each program in a log, without the framing of transactions.

    >>> dict(asked("7 bot LOG:  statement: BEGIN\\n7 bot LOG:  execute <unnamed>: SELECT 1\\n"))
    {'bot': 1}
    """
    found: Counter[str] = Counter()
    for line in log.splitlines():
        head, mark, said = next(
            (parts for text in SAID if (parts := line.partition(text))[1]), ("", "", "")
        )
        statement = said.partition(": ")[2] if mark == SAID[1] else said
        if mark and not statement.startswith(FRAMING):
            found[head.split()[-1]] += 1
    return found


async def _calm(pid: int) -> None:
    """Wait until a process has started: it uses hardly anything."""
    end, last = time.monotonic() + START_S, used_of(pid)
    while time.monotonic() < end:
        await asyncio.sleep(CALM_S)
        now = used_of(pid)
        if now > 1 and now - last < CALM_CPU_S:
            return
        last = now
    raise RuntimeError(f"process {pid} does not come to rest")


def _page(port: int) -> None:
    with urlopen(f"http://127.0.0.1:{port}/admin/login/", timeout=START_S) as answer:
        answer.read()


def _log(url: str) -> Path:
    """Return the log of a server of `tests.servers`: beside its socket."""
    return Path(parse_qs(urlsplit(url).query)["host"][0], "log")


def _tell_all(url: str) -> None:
    """Let the server write down every statement, with the program that sends it."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET log_statement = 'all'")
        server.execute(f"ALTER SYSTEM SET log_line_prefix = '{PREFIX}%a '")
        server.execute("SELECT pg_reload_conf()")
