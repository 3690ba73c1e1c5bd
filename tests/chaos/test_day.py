"""A day of a plant on which everything fails: bots, workers, schedulers and the office are killed,
the database and Redis restarted, the storage cut off, Telegram answers 429, 5xx and everything
twice. At the end every answer is there, once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest

from engine.simulator.client import PhoneClient
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.server import start_in_thread
from tests import database, servers
from tests.chaos.proxy import Door
from tests.chaos.receiver import Delivery, Receiver
from tests.crash.parent import FIRST_HIRED
from tests.crash.plants import Parent, Plant
from tests.e2e.conftest import ROOT, chats
from tests.sizes import sizes

SEED, FULL = sizes().seed, sizes().full
WORKERS, DAY_S = (200, 300.0) if FULL else (4, 18.0)
KILL_S, CUT_S = (20.0, 30.0) if FULL else (3.0, 3.0)
REST_S = 120.0  # nothing more is done for so long: the third failure puts a letter off for sixty
# Letters whose time has come. A signal for the end of a question's time is written when the time
# begins, minutes ahead; one for somebody who sleeps waits for his morning.
OWED = "FROM outbox_notice WHERE state IN ('pending', 'retrying') AND retry_from <= now()"
RUNNING = "FROM jobs_job WHERE state = 'running'"
NAME = "chaos"
TROUBLES = ("duplicate", "rate_limit", "server_error", "database", "redis", "storage")

pytestmark = [pytest.mark.database, pytest.mark.postgres_only]


class Server:
    """A server that is stopped and started again at the same place."""

    def __init__(self, start: Callable[[], object]) -> None:
        self._start, self._stack = start, ExitStack()
        self.url = ""

    def start(self) -> None:
        """Let it run."""
        self.url = self._stack.enter_context(self._start())  # type: ignore[arg-type]

    def stop(self) -> None:
        """End it."""
        self._stack.close()


class Day:
    """The plant of the day: its servers, its processes by their role, its phones."""

    def __init__(self, plant: Plant, rows: Server, redis: Server, store: Door, office: int) -> None:
        self.plant, self.rows, self.redis, self.store = plant, rows, redis, store
        self.office = office
        self.pids: dict[str, int] = {}
        self.killed: list[str] = []

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
        self.start(role)

    def trouble(self, what: str, phones: PhoneClient) -> None:
        """Let something fail for a while."""
        if what in ("duplicate", "rate_limit", "server_error"):
            phones.faults(**{what: 3})
        elif what == "storage":
            self.store.do(self.store.line.cut())
            time.sleep(CUT_S)
            self.store.line.mend()
        else:
            server = self.rows if what == "database" else self.redis
            server.stop()
            server.start()

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


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with ExitStack() as stack:
        kept, sockets = (Path(stack.enter_context(servers.folder_of(n))) for n in ("kept", "sock"))
        like = database.cluster()
        rows = Server(lambda: servers.postgres(kept=kept, sockets=sockets, like=like))
        redis_port = servers.free_port()
        redis = Server(lambda: servers.redis(redis_port))
        for server in (rows, redis):
            server.start()
            stack.callback(server.stop)
        database.copy(rows.url, NAME)
        s3 = stack.enter_context(servers.s3())
        store = stack.enter_context(Door([int(s3.endpoint.split(":")[1])]))
        door = stack.enter_context(Door([servers.free_port(), servers.free_port()]))
        hired = [Phone(FIRST_HIRED + at, f"Приёмный {at}") for at in range(WORKERS)]
        phones = [*(Phone(at, who) for who, at in chats().items()), *hired]
        simulator = start_in_thread(Simulator(phones))
        stack.callback(simulator.stop)
        office = servers.free_port()
        environment = {
            **s3.environment,
            "MINIO_ENDPOINT": store.line.url.removeprefix("http://"),
            "DATABASE_URL": rows.url,
            "REDIS_URL": redis.url,
            "TELEGRAM_API_URL": simulator.url,
            "TELEGRAM_BOT_TOKEN": "1:demo",
            "MEATBOT_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "crm.settings",
            "LOG_LEVEL": "WARNING",
        }
        process = stack.enter_context(parent(tmp_path, environment))
        plant = Plant(NAME, simulator.url, Parent(process, 0, tmp_path, ""), simulator.core)
        assert plant.ask(f"seed {NAME}") == "seeded"
        assert plant.ask(f"hire {NAME} {WORKERS}") == str(WORKERS)
        day = Day(plant, rows, redis, store, office)
        bots = [f"bot {port} {door.line.url}/telegram" for _, port in door.line.targets]
        for role in (*bots, "work a", "work b", "schedule a", "schedule b", "web"):
            day.start(role)
        yield day


def test_on_a_day_on_which_everything_fails_nothing_is_lost(day: Day) -> None:
    chance, over = Random(SEED), time.monotonic() + DAY_S
    phones = PhoneClient(day.plant.phones_url, 60.0)
    taken: list[str] = []

    def work(at: int) -> Receiver:
        hands = PhoneClient(day.plant.phones_url, 60.0)
        receiver, count = Receiver(FIRST_HIRED + at, hands), 0
        while not count or time.monotonic() < over:
            number, count = f"{at}-{count}", count + 1
            made = (datetime.now(UTC) - timedelta(days=7)).strftime("%d.%m.%Y")
            receiver.take(Delivery(number, f"{1000 + at},5", made))
            taken.append(number)
        return receiver

    troubles = chance.sample(TROUBLES, len(TROUBLES))
    with ThreadPoolExecutor(WORKERS) as crowd:
        working = [crowd.submit(work, at) for at in range(WORKERS)]
        while not all(one.done() for one in working):
            _wait(working, KILL_S)
            if time.monotonic() < over:
                day.kill(chance.choice(sorted(day.pids)))
                day.trouble(troubles.pop() if troubles else chance.choice(TROUBLES[:3]), phones)
        while troubles:
            day.trouble(troubles.pop(), phones)
        receivers = [one.result() for one in working]
    _end(day)
    again, answers = (sum(getattr(one, name) for one in receivers) for name in ("again", "answers"))
    print(
        f"SEED={SEED}: {WORKERS} receivers took {len(taken)} deliveries by {answers} answers, "
        f"{again} of them given once more; killed {sorted(day.killed)}"
    )
    _check(day, taken)


def _check(day: Day, taken: list[str]) -> None:
    saved = [number for (number,) in day.all("SELECT ttn_number FROM production_rawbatch")]
    handled = day.all(
        "SELECT chat_id, array_agg(update_id ORDER BY at, update_id) FROM work_update "
        "GROUP BY chat_id"
    )
    assert sorted(saved) == sorted(taken), "every delivery that was told a number, once"
    weights = (
        "SELECT count(*) FROM production_rawbatch WHERE weight_received != "
        "1000500 + 1000 * split_part(ttn_number, '-', 1)::int"
    )
    assert day.one(weights) == 0, "with the answers of its receiver"
    assert day.one("SELECT count(*) FROM work_session WHERE state = 'saved'") == len(taken)
    assert day.one("SELECT count(*) FROM ledger_event") == len(taken)
    assert day.plant.ask(f"wrong {NAME}") == "nothing"
    for chat, updates in handled:
        assert updates == sorted(updates), f"the order of chat {chat}"
    owed = day.all(f"SELECT kind, event, state, attempts, next_try_at, last_error {OWED}")
    assert owed == [], "every notice is sent or has its reason"
    reasons = "SELECT count(*) FROM outbox_notice WHERE state = 'undeliverable' AND last_error = ''"
    assert day.one(reasons) == 0
    groups = "SELECT 1 FROM outbox_notice GROUP BY event, person_id, chat_id HAVING count(*) > 1"
    assert day.one(f"SELECT count(*) FROM ({groups}) AS t") == 0
    assert day.one(f"SELECT count(*) {RUNNING}") == 0
    assert _answers(day), "the office"


def _end(day: Day) -> None:
    """Wait until everything of the day is done, or nothing more is: one chat is sent one letter a
    second, and a process that was killed last is still starting."""
    least, until = sys.maxsize, 0.0
    count = f"SELECT (SELECT count(*) {OWED}) + (SELECT count(*) {RUNNING})"
    while rest := day.one(count) or int(not _answers(day)):
        if rest < least:
            least, until = rest, time.monotonic() + REST_S
        if time.monotonic() > until:
            return
        time.sleep(1)


def _answers(day: Day) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{day.office}/readyz", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait(working: list[Future[Receiver]], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not all(one.done() for one in working):
        time.sleep(0.1)
