"""The plant of the day on which everything fails: its servers, its processes, its phones, and what
can be done to each of them. Start at `Day`."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.request import urlopen

import psycopg

from engine.simulator.client import PhoneClient
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.server import start_in_thread
from tests import database, servers
from tests.chaos.proxy import Door
from tests.crash.parent import FIRST_HIRED
from tests.crash.plants import Parent, Plant
from tests.e2e.conftest import ROOT, chats
from tests.sizes import sizes

NAME = "chaos"
FULL = sizes().full
WORKERS, DAY_S = (200, 300.0) if FULL else (4, 18.0)
CUT_S = 30.0 if FULL else 3.0
TIMES = 40 if FULL else 3  # updates that come twice, calls that Telegram refuses
DELAY_S = 0.2  # of everything between Telegram and the bots, each way


class Server:
    """A server that is stopped and started again at the same place."""

    def __init__(self, start: Callable[[], AbstractContextManager[str]]) -> None:
        self._start, self._stack = start, ExitStack()
        self.url = ""

    def start(self) -> None:
        """Let it run."""
        self.url = self._stack.enter_context(self._start())

    def stop(self) -> None:
        """End it."""
        self._stack.close()


class Day:
    """The plant of the day: its servers, its processes by their role, its phones. `killed` are the
    roles of those that were, `failed` what else did."""

    def __init__(self, plant: Plant, rows: Server, redis: Server, lines: dict[str, Door]) -> None:
        self.plant, self.rows, self.redis, self.lines = plant, rows, redis, lines
        self.office = servers.free_port()
        self.pids: dict[str, int] = {}
        self.killed: list[str] = []
        self.failed: list[str] = []
        # A process that finds no database at its start ends, and compose begins it again: here
        # nobody would, so it is begun when the database is there.
        self._starting = Lock()

    def start(self, role: str) -> None:
        """Fork a process of a role: `bot <port>`, `work`, `schedule`, `web`."""
        what, *rest = role.split()
        match what:
            case "bot":
                pid = self.plant.hook(int(rest[0]), rest[1])
            case "schedule":
                pid = self.plant.schedule()
            case "work":
                pid = int(self.plant.ask(f"work {NAME}"))
            case _:
                pid = int(self.plant.ask(f"web {NAME} {self.office}"))
        self.pids[role] = pid

    def kill(self, role: str) -> None:
        """Kill a process and start another one in its place."""
        assert self.plant.ask(f"send {self.pids[role]} SIGKILL") == "sent"
        assert self.plant.ask(f"ended {self.pids[role]}") in ("-9", "0")
        self.killed.append(role.split(maxsplit=1)[0])
        with self._starting:
            self.start(role)

    def trouble(self, what: str) -> None:
        """Let something fail for a while."""
        match what:
            case "storage":
                store = self.lines["storage"]
                store.do(store.line.cut())
                time.sleep(CUT_S)
                store.line.mend()
            case "delay":
                self.lines["telegram"].line.delay_s = DELAY_S
                time.sleep(CUT_S)
                self.lines["telegram"].line.delay_s = 0.0
            case "database" | "redis":
                server = self.rows if what == "database" else self.redis
                with self._starting:
                    server.stop()
                    server.start()
            case _:
                PhoneClient(self.plant.phones_url).faults(**{what: TIMES})
        self.failed.append(what)

    def answers(self) -> bool:
        """Tell whether the office is ready."""
        try:
            with urlopen(f"http://127.0.0.1:{self.office}/readyz", timeout=30) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows that a query gives."""
        with psycopg.connect(database.named(self.rows.url, NAME)) as rows:
            return rows.execute(sql).fetchall()

    def one(self, sql: str) -> int:
        """Return the number that a query gives."""
        return int(self.all(sql)[0][0] or 0)


@contextmanager
def parent(folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A parent with its imports done."""
    with (folder / "processes.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.parent"],
            cwd=ROOT, env={**os.environ, **environment}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == "ready"
            yield process
        finally:
            process.communicate("kill\n", timeout=60)


@contextmanager
def begun(folder: Path) -> Iterator[Day]:
    """Start everything: the database keeps what it said is kept, also when it ends in the middle
    of it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)  # phones, and the lines before them
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ExitStack() as stack:
        kept, sockets = (Path(stack.enter_context(servers.folder_of(n))) for n in ("kept", "sock"))
        like = database.cluster()
        rows = Server(
            lambda: servers.postgres(kept=kept, sockets=sockets, like=like, ends=signal.SIGQUIT)
        )
        redis_port = servers.free_port()
        redis = Server(lambda: servers.redis(redis_port))
        for server in (rows, redis):
            server.start()
            stack.callback(server.stop)
        database.copy(rows.url, NAME)
        s3 = stack.enter_context(servers.s3())
        hired = [Phone(FIRST_HIRED + at, f"Приёмный {at}") for at in range(WORKERS)]
        phones = [*(Phone(at, who) for who, at in chats().items()), *hired]
        simulator = start_in_thread(Simulator(phones))
        stack.callback(simulator.stop)
        bots = [servers.free_port(), servers.free_port()]
        behind = {
            "storage": [_port(s3.endpoint)], "telegram": [_port(simulator.url)], "bots": bots,
        }  # fmt: skip
        lines = {name: stack.enter_context(Door(ports)) for name, ports in behind.items()}
        environment = {
            **s3.environment,
            "MINIO_ENDPOINT": lines["storage"].line.url.removeprefix("http://"),
            "DATABASE_URL": rows.url,
            "REDIS_URL": redis.url,
            "FILES_DIR": str(folder / "files"),
            "TELEGRAM_API_URL": lines["telegram"].line.url,
            "TELEGRAM_BOT_TOKEN": "1:demo",
            "MEATBOT_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "crm.settings",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        }
        process = stack.enter_context(parent(folder, environment))
        plant = Plant(NAME, simulator.url, Parent(process, 0, folder, ""), simulator.core)
        assert not FULL or plant.ask("own") == "own"
        assert plant.ask(f"seed {NAME}") == "seeded"
        assert plant.ask(f"hire {NAME} {WORKERS}") == str(WORKERS)
        day = Day(plant, rows, redis, lines)
        hooks = [f"bot {port} {lines['bots'].line.url}/telegram" for port in bots]
        for role in (*hooks, "work a", "work b", "schedule a", "schedule b", "web"):
            day.start(role)
        yield day


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])
