"""A plant on the rows of this process's database, for the bench: its people talk in this process,
and what they do is asked for its statements. Start at `plant`."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection, transaction
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.bridge.lease import LASTS_S, DatabaseLease
from crm.bridge.listening import HEARING_S
from crm.bridge.outbox import DjangoOutbox
from crm.bridge.timers import DjangoTimers
from crm.office.seed import seed
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import RawBatch
from crm.work.models import Task
from crm.work.operations.record_task import create_task
from engine.run import perform
from engine.run.arrival import Arrival
from engine.run.menu import menu
from engine.schedule import EVERY_S
from engine.talk.parse import Says
from engine.telegram.tenure import ASKED
from tests.bench.way import WHO, straight

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
MINUTE_S = 60
FRAMING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
SAVE = "Сохранить"


@contextmanager
def plant() -> Iterator[Talker]:
    """Give the people of the first data, with phones in their hands."""
    seed()
    with PlantClock(AT) as clock:
        yield Talker(clock)


def queries(work: Callable[[], object]) -> int:
    """Return how many statements some work makes, without the framing of transactions."""
    with CaptureQueriesContext(connection) as asked:
        work()
    return sum(not one["sql"].startswith(FRAMING) for one in asked)


def deliver(talker: Talker, count: int) -> None:
    """Take deliveries by the straight way."""
    for _ in range(count):
        to_the_review(talker)
        talker.press(WHO, SAVE)


def to_the_review(talker: Talker) -> None:
    """Answer the intake up to its review."""
    for line in straight().lines:
        if not isinstance(line, Says) or line.who != WHO:
            continue
        if line.what == SAVE:
            return
        said = {"command": "/{}", "button": "[{}]", "thing": "{{{}}}", "text": "{}"}[line.how]
        talker.say(WHO, said.format(line.what))


def open_menu(talker: Talker, who: str) -> None:
    """Show somebody the main menu."""
    chat, actor = talker.state(who), talker.ports.people.actor(talker.chat(who))
    if chat is None:
        talker.say(who, "/start")
        chat = talker.state(who)
    assert chat is not None
    assert actor is not None
    menu(talker.program, talker.ports, chat, actor)


def ask_tasks(talker: Talker, who: str) -> None:
    """Let somebody ask for «Мои задачи»."""
    talker.say(who, "/tasks")


def with_tasks(role: str, count: int) -> None:
    """Open tasks about the first delivery until a role has so many."""
    batch = RawBatch.objects.earliest("pk")
    for number in range(Task.objects.filter(kind="bench").count(), count):
        create_task(
            kind="bench", title=f"Анализ {number}", subject=RawBatch.RECORD,
            subject_id=str(batch.pk), lifecycle="raw_batch", roles=[role], people=[], body={},
            at=AT, warn_s=None, breach_s=None,
        )  # fmt: skip


def idle_a_minute(talker: Talker) -> float:
    """Return the statements a minute of a bot that nobody talks to."""
    timers, lease, outbox = DjangoTimers(talker.program), DatabaseLease(), DjangoOutbox()
    timers.sweep(timezone.now())
    assert lease.take()

    def swept() -> None:
        assert timers.sweep_and_look(timezone.now())[0] == 0

    return (
        queries(swept) * MINUTE_S / EVERY_S
        + queries(outbox.next_due) * MINUTE_S / HEARING_S
        + queries(lease.take) * MINUTE_S / (LASTS_S * ASKED)
    )


def _of_the_driver(sql: str) -> str:
    """Return a statement with its holes as the driver knows them."""
    if connection.vendor == "postgresql":
        return sql
    return str(SQLiteCursorWrapper.convert_query(None, sql))  # type: ignore[arg-type]


class Save:
    """«Сохранить» of the intake again and again, each time taken back; and the statements that it
    sent, sent by the driver alone."""

    def __init__(self, talker: Talker) -> None:
        to_the_review(talker)
        self.talker, self.data = talker, talker.phone(WHO).find(SAVE)
        assert self.data, talker.phone(WHO).described()
        self.update = -10_000_000
        self.statements: list[tuple[str, Any]] = []
        self.ours(checked=True)
        with connection.execute_wrapper(self._hear):
            self.ours()

    def _hear(self, execute: Callable[..., Any], sql: str, values: Any, many: bool, of: Any) -> Any:
        if not sql.startswith(FRAMING):
            self.statements.append((_of_the_driver(sql), values or ()))
        return execute(sql, values, many, of)

    def ours(self, *, checked: bool = False) -> None:
        """Press it, and see on demand that a batch comes of it; whatever was written is taken
        back."""
        self.update -= 1
        arrival = Arrival(self.talker.chat(WHO), self.update, None, self.data or "", "")
        before = RawBatch.objects.count() if checked else 0
        with transaction.atomic():
            perform.serve(self.talker.program, self.talker.ports, arrival)
            if checked:
                assert RawBatch.objects.count() == before + 1
            transaction.set_rollback(True)

    def theirs(self) -> None:
        """Send the same statements by the driver's own cursor, not by Django's, which took as long
        as SQLite; whatever was written is taken back."""
        with transaction.atomic():
            cursor = connection.connection.cursor()
            for sql, values in self.statements:
                cursor.execute(sql, values)
                if cursor.description:
                    cursor.fetchall()
            cursor.close()
            transaction.set_rollback(True)
