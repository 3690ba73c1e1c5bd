"""Kill the bot with SIGKILL after answers, and at SQL statements of the save: each time the next
start finds no answer lost, one batch, one posting event, one notice a person.

At scale 1 a process is killed at some statements of the save and `test_fault` loses the connection
at every one; at the full scale a process is killed at every one too."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crm.office.seed import PEOPLE
from engine.simulator.client import PhoneClient
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.play import play_over_http
from engine.simulator.server import start_in_thread
from engine.talk.parse import Says, read_talk
from tests import database, servers
from tests.e2e.conftest import ROOT, chat, chats
from tests.sizes import sizes

SEED, EVERY = sizes().seed, sizes().statement_step
LABORATORY = sum(role == "lab" for _, role in PEOPLE)  # one storekeeper is told beside them
PATIENCE_S = 60.0  # with a busy machine
FEW = 5  # answers killed after on PostgreSQL
TALK = ROOT / "flows/receiving/raw_intake.talk"
GIVEN = os.environ.get("DATABASE_URL", "")
ON_POSTGRES = GIVEN.startswith("postgres")

pytestmark = pytest.mark.database


@dataclass
class Parent:
    """The process that forks bots, and the port where they look for their phones."""

    process: subprocess.Popen[str]
    port: int

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

    def ask(self, line: str) -> str:
        """Say a line to the parent and return its answer."""
        return self.parent.ask(line)

    def start(self, at: int = 0, name: str = "") -> None:
        """Fork a bot; `at` above zero kills it at that statement of a turn."""
        assert int(self.ask(f"start {name or self.name} {at}")) > 0

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


class Killing(PhoneClient):
    """Hands of a worker whose bot dies right after some of his answers and is started again."""

    def __init__(self, plant: Plant, after: set[int]) -> None:
        # A letter that a dead bot had claimed is due again after a minute.
        super().__init__(plant.phones_url, 90.0)
        self._plant, self._after, self.acts, self.killed = plant, after, 0, 0
        self._chance = random.Random(SEED)

    def _ask(self, verb: str, path: str, data: bytes = b"", kind: str = "") -> dict[str, Any]:
        """Act, then perhaps kill, at a moment drawn from the seed, and start again."""
        done = super()._ask(verb, path, data, kind)
        if verb != "POST":
            return done
        self.acts += 1
        if self.acts in self._after:
            self.chat(chat("receiver"), after=10**9, wait_s=self._chance.choice((0.0, 0.02, 0.1)))
            assert self._plant.ask("kill") == "killed"
            self._plant.start()
            self.killed += 1
        return done


def address(name: str) -> str:
    """Return the address of a database of this engine."""
    return database.named(GIVEN, name) if ON_POSTGRES else f"sqlite:///{name}"


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parent]:
    """A parent with its imports done, for all tests."""
    folder, port = tmp_path_factory.mktemp("bots"), servers.free_port()
    env = {
        **os.environ,
        "DATABASE_URL": GIVEN if ON_POSTGRES else address(str(folder / "none.sqlite3")),
        "FILES_DIR": str(folder / "files"),
        "TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
        "TELEGRAM_BOT_TOKEN": "1:demo",
        "MEATBOT_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "LOG_LEVEL": "WARNING",
    }
    with (folder / "bots.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.parent"],
            cwd=ROOT,
            env=env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == "ready"
            yield Parent(process, port)
        finally:
            # The last bot holds the parent's output open: it goes first.
            process.communicate("kill\n", timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def seeded(parent: Parent, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a seeded database, to be copied."""
    folder = tmp_path_factory.mktemp("seeded")
    name = f"crash_seeded_{os.getpid()}" if ON_POSTGRES else str(folder / "plant.sqlite3")
    database.copy(GIVEN, name)
    assert parent.ask(f"seed {name}") == "seeded"
    yield name
    dropped(name)


@pytest.fixture
def plant(parent: Parent, seeded: str, tmp_path: Path) -> Iterator[Plant]:
    """A seeded plant and phones of its own."""
    name = f"crash_{os.getpid()}" if ON_POSTGRES else str(tmp_path / "plant.sqlite3")
    dropped(name)
    copied(seeded, name)
    phones = (Phone(at, who) for who, at in chats().items())
    running = start_in_thread(Simulator(phones), port=parent.port)
    try:
        yield Plant(name, running.url, parent)
    finally:
        assert parent.ask("kill") == "killed"
        running.stop()


class UntilReview(PhoneClient):
    """Hands that stop before «Сохранить» and keep its button."""

    def press(self, chat_id: int, label: str = "", data: str = "", message_id: int = 0) -> str:
        """Press, unless it is the button that saves."""
        shown = self.chat(chat_id)["messages"]
        titles = {
            button.get("callback_data"): button["text"]
            for message in shown
            for row in message["keyboard"]
            for button in row
        }
        if titles.get(data) == "Сохранить":
            raise AtReview(data, message_id)
        return super().press(chat_id, label, data, message_id)


class AtReview(Exception):
    """The form stands at its review: the data and the message of the button that saves."""

    def __init__(self, data: str, message: int) -> None:
        super().__init__(data)
        self.data, self.message = data, message


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


def test_a_save_that_dies_at_any_statement_is_done_once(plant: Plant) -> None:
    plant.start()
    hands = UntilReview(plant.phones_url, PATIENCE_S)
    with pytest.raises(AtReview) as review:
        play_over_http(TALK, plant.phones_url, chats(), phones=hands)
    assert plant.ask("kill") == "killed"
    at, killed = 1 + SEED % EVERY, 0
    while True:
        name = f"{plant.name}_{at}"
        copied(plant.name, name)
        plant.start(at, name)
        query = hands.forge(chat("receiver"), review.value.data, review.value.message)
        if not _died(plant, hands, query):
            break
        killed += 1
        plant.start(0, name)
        hands.wait_toast(chat("receiver"), query)
        assert plant.ask("kill") == "killed"
        plant.check(name)
        dropped(name)
        at += EVERY
    print(f"SEED={SEED}: {killed} statements of the save killed the bot, one in {EVERY}")
    assert plant.ask("kill") == "killed"
    plant.check(name)
    assert killed >= 40 // EVERY


def _died(plant: Plant, hands: PhoneClient, query: str) -> bool:
    """Wait until the bot has died or answered the press."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if plant.ask("alive") == "no":
            return True
        if any(toast["id"] == query for toast in hands.chat(chat("receiver"))["toasts"]):
            return False
        time.sleep(0.02)
    raise AssertionError("the bot neither died nor answered")


def test_no_answer_is_lost_when_the_bot_dies_after_every_one(plant: Plant) -> None:
    said = read_talk(TALK.name, TALK.read_text("utf-8")).lines
    answers = range(1, 1 + sum(isinstance(line, Says) for line in said))
    after = set(random.Random(SEED).sample(answers, FEW) if ON_POSTGRES else answers)
    print(f"SEED={SEED}: killed after answers {sorted(after)} of {len(answers)}")
    plant.start()
    hands = Killing(plant, after)
    play_over_http(TALK, plant.phones_url, chats(), phones=hands)
    assert (hands.acts, hands.killed) == (len(answers), len(after))
    plant.check()
