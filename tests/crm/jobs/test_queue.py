"""Work in the background on PostgreSQL: put by who wants it, done by workers, lost by none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate.schema import migrations_path

from crm.bridge.jobs import LEFT, DjangoJobs
from crm.jobs import queue
from crm.jobs.function import Function
from crm.jobs.models import Job
from crm.outbox.models import Notice
from tests.seeded import seed

PATIENCE_S = 60  # on a busy machine
NEVER_S = 3600.0
BEGUN, LOOKS = 3, 5  # looks until a worker has begun; those that are counted
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]


def statuses() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id")
        return [status for (status,) in cursor.fetchall()]


@pytest.fixture(autouse=True)
def _empty(transactional_db: None) -> Iterator[None]:
    empty()
    yield
    empty()


def empty() -> None:
    """Empty the tables of the queue: Django knows nothing of them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def closing(do: queue.Do) -> queue.Do:
    """Do some work and close the connection of its thread, as tests must."""

    def closed(identity: str, last: bool) -> None:
        try:
            do(identity, last)
        finally:
            connections.close_all()

    return closed


def drained(do: queue.Do, kind: str = "sum") -> None:
    asyncio.run(queue.Worker({kind: closing(do)}).drain())


def test_the_tables_are_those_of_the_installed_library() -> None:
    assert max(path.name for path in migrations_path.glob("*.sql")) == queue.SCHEMA


def test_what_is_put_is_done_once_and_what_is_rolled_back_never() -> None:
    done: list[tuple[str, bool]] = []
    queue.put("sum", "kept")
    with transaction.atomic():
        queue.put("sum", "rolled back")
        transaction.set_rollback(True)
    assert queue.waiting() == 1
    drained(lambda identity, last: done.append((identity, last)))
    assert done == [("kept", False)]
    assert queue.waiting() == 0


def test_what_fails_is_tried_again_later_and_told_that_a_try_is_the_last() -> None:
    lasts: list[bool] = []

    def fail(identity: str, last: bool) -> None:
        lasts.append(last)
        raise OSError("no answer")

    queue.put("sum", "one")
    for _ in range(queue.TRIES + 1):
        drained(fail)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    assert lasts == [False] * (queue.TRIES - 1) + [True]
    assert statuses() == ["failed"]


def test_the_work_of_a_worker_that_is_gone_is_done_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "BEAT_S", 0.1)
    queue.put("sum", "one")
    with connection.cursor() as cursor:  # a worker took it and was killed
        cursor.execute("SELECT * FROM procrastinate_register_worker_v1()")
        (worker,) = cursor.fetchone()
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['work'], %s)", [worker])
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )
    assert statuses() == ["doing"]
    assert queue.workers() == 0
    done: list[str] = []

    async def work() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(queue.Worker({"sum": closing(do)}).run(stop))
        async with asyncio.timeout(PATIENCE_S):
            while not done:
                await asyncio.sleep(0.05)
        stop.set()
        await working

    def do(identity: str, last: bool) -> None:
        done.append(identity)
        assert queue.workers() == 1

    asyncio.run(work())
    assert done == ["one"]


def test_work_that_is_due_at_a_moment_is_done_then_though_nobody_tells_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "BEAT_S", 0.1)
    done: list[float] = []

    async def work() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(queue.Worker({"sum": closing(do)}).run(stop))
        async with asyncio.timeout(PATIENCE_S):
            while not done:
                await asyncio.sleep(0.02)
        stop.set()
        await working

    def do(identity: str, last: bool) -> None:
        done.append((timezone.now() - due).total_seconds())

    due = timezone.now() + timedelta(seconds=1)
    queue.put("sum", "one", due)
    asyncio.run(work())
    assert 0 <= done[0] < PATIENCE_S


def test_work_that_is_put_while_a_worker_has_nothing_to_do_begins_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "BEAT_S", NEVER_S)
    done: list[str] = []

    def put(identity: str, _last: bool) -> None:
        queue.put("sum", identity)

    async def work() -> None:
        stop, looked = asyncio.Event(), asyncio.Event()
        kinds = {"sum": closing(lambda identity, last: done.append(identity))}
        working = asyncio.create_task(queue.Worker(kinds, looked.set).run(stop))
        async with asyncio.timeout(PATIENCE_S):
            await looked.wait()
            await asyncio.to_thread(closing(put), "one", False)
            while not done:
                await asyncio.sleep(0.02)
        stop.set()
        await working

    asyncio.run(work())
    assert done == ["one"]


def test_a_worker_that_has_nothing_to_do_asks_one_statement_a_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "BEAT_S", 0.01)
    said: list[str] = []
    counted: list[str] = []
    execute = psycopg.AsyncCursor.execute

    async def noted(cursor: Any, query: Any, *given: Any, **named: Any) -> Any:
        said.append(query)
        return await execute(cursor, query, *given, **named)

    async def work() -> None:
        stop, looks = asyncio.Event(), 0

        def beat() -> None:
            nonlocal looks
            looks += 1
            if looks == BEGUN:
                said.clear()
            elif looks == BEGUN + LOOKS:
                counted[:] = said
                stop.set()

        async with asyncio.timeout(PATIENCE_S):
            await queue.Worker({}, beat).run(stop)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", noted)
    asyncio.run(work())
    assert counted == [queue.LOOK] * LOOKS


def test_a_worker_that_is_stopped_finishes_what_it_has_in_work() -> None:
    log: list[str] = []
    queue.put("sum", "one")

    async def work() -> None:
        stop, begun = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow(identity: str, last: bool) -> None:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run(asyncio.sleep(0.3))
            log.append("finished")

        working = asyncio.create_task(queue.Worker({"sum": slow}).run(stop))
        async with asyncio.timeout(PATIENCE_S):
            await begun.wait()
            stop.set()
            await working

    asyncio.run(work())
    assert log == ["finished"]
    assert statuses() == []


def test_a_worker_whose_listening_breaks_lives_on_until_its_work_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "BEAT_S", 0.05)
    listens, broken, looked = (threading.Event() for _ in range(3))
    queue.put("sum", "one")

    def long(identity: str, last: bool) -> None:
        assert listens.wait(PATIENCE_S)
        with connection.cursor() as cursor:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE %s"
            cursor.execute(ends, ["SELECT procrastinate_update_heartbeat_v1%"])
            assert cursor.fetchall() == [(True,)]
        broken.set()
        assert looked.wait(PATIENCE_S)

    def beat() -> None:
        (looked if broken.is_set() else listens).set()

    async def work() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(queue.Worker({"sum": closing(long)}, beat).run(stop))
        async with asyncio.timeout(PATIENCE_S):
            while await asyncio.to_thread(closed_statuses):
                await asyncio.sleep(0.05)
            stop.set()
            await working

    asyncio.run(work())
    assert looked.is_set()


def closed_statuses() -> list[str]:
    """Ask by a connection of this thread, and close it."""
    try:
        return statuses()
    finally:
        connections.close_all()


@pytest.fixture
def jobs() -> Callable[..., DjangoJobs]:
    def jobs(fails: int = 0, left: timedelta = timedelta()) -> DjangoJobs:
        failures = iter(range(fails))

        def find(arguments: object, at: object) -> None:
            if next(failures, None) is not None:
                raise OSError("no answer")

        return DjangoJobs({"find": Function({}, None, find)}, left)

    return jobs


def started(jobs: DjangoJobs) -> str:
    identity = str(uuid4())
    jobs.start("find", identity, {}, str(uuid4()), 101)
    return identity


@pytest.mark.parametrize(("fails", "state"), [(0, "done"), (2, "done"), (3, "failed")])
def test_a_job_is_tried_again_and_its_form_is_told_how_it_ended(
    jobs: Callable[..., DjangoJobs], fails: int, state: str
) -> None:
    seed()
    here = jobs(fails)
    identity = started(here)
    for _ in range(queue.TRIES):
        drained(here.do, "job")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    assert Job.objects.get(pk=identity).state == state
    assert Notice.objects.filter(kind="signal").count() == 1


def test_a_sweep_leaves_jobs_to_workers_and_does_those_that_nobody_took(
    jobs: Callable[..., DjangoJobs],
) -> None:
    seed()
    here = jobs(left=LEFT)
    identity, now = started(here), timezone.now()
    assert here.sweep(now) == 0
    assert here.sweep(now + LEFT + timedelta(seconds=1)) == 1
    here.do(identity, True)
    assert Job.objects.get(pk=identity).attempts == 1
