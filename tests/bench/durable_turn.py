"""Our turn with sessions as rows, beside the same turn in memory and one bare UPDATE that commits.

Django takes its settings once: a process measures one database, that of DATABASE_URL."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from statistics import mean
from typing import Any, TypeVar

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from aiogram.types import Update
from asgiref.sync import sync_to_async
from django.db import connection

from crm.bridge.offered import offered
from crm.bridge.ports import make_ports
from crm.bridge.vocabulary import implemented
from crm.care.garbage import settle
from crm.office.seed import seed
from crm.people.operations.save_person import save_person
from crm.production.models import RawBatch
from crm.work.models import Session
from engine.run.perform import serve
from engine.run.program import compile_program
from engine.talk.papers import MemoryFiles
from engine.telegram.bot import Talker
from tests.bench.ours import Ours, no_paper, polling, shipped
from tests.bench.telegram import CHAT
from tests.bench.way import Lap, walk

T = TypeVar("T")

FRAMING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
BARE = 100  # bare UPDATEs a round


class Statements:
    """Counts what is executed, without the framing of transactions."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.count += not sql.startswith(FRAMING)
        return execute(sql, *rest)


class Durable(Ours):
    """The bot of this repository with its rows in a database; files stay in memory."""

    def __init__(self, statements: Statements) -> None:
        super().__init__()
        project, _ = shipped()
        # What needs rows that are not written yet is left out, as on a real plant.
        program = compile_program(offered(project.sources(), implemented())[0])
        ports = make_ports(program, self.plant.clock)
        self.statements = statements
        self.talker = Talker(
            self.talker.bot,
            partial(serve, program, ports),
            lambda: program.flows,
            ports,
            MemoryFiles(),
            call,
            no_paper,
        )
        self.of_turns: list[int] = []  # statements of each update since the last form

    async def feed(self, update: Update) -> None:
        """Handle one update, and count what it says to the database."""
        before = self.statements.count
        await super().feed(update)
        self.of_turns.append(self.statements.count - before)


async def call(work: Callable[[], T]) -> T:
    """Run a turn where the database may be used, as the bot does."""
    return await sync_to_async(work)()


def plant(statements: Statements) -> None:
    """Make the first data and our receiver; count what this thread executes."""
    seed()
    save_person(None, person=None, full_name="Ветров Б. А.", roles=["receiver"], telegram_id=CHAT)
    connection.execute_wrappers.append(statements)


def bare() -> float:
    """Return the seconds of one UPDATE of a session's row that commits, past Django."""
    identity = Session.objects.latest("updated_at").pk
    text = f"UPDATE work_session SET version = version + 1 WHERE id = '{identity}'"
    if connection.vendor == "sqlite":
        text = text.replace("-", "")
    cursor = connection.connection.cursor()
    begun = time.perf_counter()
    for _ in range(BARE):
        cursor.execute(text)
    seconds = (time.perf_counter() - begun) / BARE
    assert cursor.rowcount == 1
    return seconds


@dataclass(frozen=True, slots=True)
class Turns:
    """Milliseconds of a turn in each round, ours on rows, ours in memory, a bare UPDATE; of the
    processor too; statements a turn that saves nothing."""

    durable_ms: tuple[float, ...]
    memory_ms: tuple[float, ...]
    bare_ms: tuple[float, ...]
    durable_cpu_ms: tuple[float, ...]
    memory_cpu_ms: tuple[float, ...]
    statements: float


async def measure(rounds: int, forms: int) -> Turns:
    """Take forms with rows and in memory by turns. The database is migrated and empty."""
    statements = Statements()
    await call(lambda: plant(statements))
    durable, memory = Durable(statements), Ours()
    async with polling(durable.talker), polling(memory.talker):
        return await _measured(statements, durable, memory, rounds, forms)


async def _measured(
    statements: Statements, durable: Durable, memory: Ours, rounds: int, forms: int
) -> Turns:
    await walk(durable)
    await walk(memory)
    settle()
    kept: dict[str, list[list[Lap]]] = {"durable": [], "memory": []}
    floor: list[float] = []
    said: list[int] = []
    for _ in range(rounds):
        laps: dict[str, list[Lap]] = {"durable": [], "memory": []}
        for _ in range(forms):
            for name, bot in (("durable", durable), ("memory", memory)):
                gc.collect()
                durable.of_turns.clear()
                laps[name] += await walk(bot)
                said += durable.of_turns[:-1]  # the last one saves: that has a row of its own
        for name, taken in laps.items():
            kept[name].append(taken)
        floor.append(1000 * await call(bare))
    taken_in = await call(RawBatch.objects.count)
    assert taken_in == 1 + rounds * forms, f"{taken_in} batches of {1 + rounds * forms} forms"
    ms = {
        name: tuple(mean_ms(one.seconds for one in each) for each in laps)
        for name, laps in kept.items()
    }
    cpu = {
        name: tuple(mean_ms(one.cpu_seconds for one in each) for each in laps)
        for name, laps in kept.items()
    }
    return Turns(
        durable_ms=ms["durable"],
        memory_ms=ms["memory"],
        bare_ms=tuple(floor),
        durable_cpu_ms=cpu["durable"],
        memory_cpu_ms=cpu["memory"],
        statements=mean(said),
    )


def mean_ms(seconds: Iterable[float]) -> float:
    """Return the mean in milliseconds."""
    return 1000 * mean(seconds)
