"""The queue of background work on PostgreSQL: procrastinate's tables beside ours, so that work is
put there by the transaction that wants it, and gone with it. SQLite has no queue: what is put there
is done in the process that asked.

A piece of work is a kind and the id of its row, which is the truth: done twice it is done once.
Who puts starts at `put`, who works at `Worker.run`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.worker import Worker as Works
    from psycopg import AsyncConnection

log = logging.getLogger(__name__)

NAME = "work"
TRIES = 3  # of a piece of work; the last failure is told
WAIT_S = 2  # to the power of the tries: before the next one
AT_ONCE = 2  # pieces of work in one process
BEAT_S = 7.0  # between signs of life of a worker
NEVER_S = 86_400.0 * 365
BEGINS_S = 0.05  # between looks whether a worker has begun
CHANNEL = f"procrastinate_queue_v1#{NAME}"  # where procrastinate's trigger tells of new work
GONE_S = 20.0  # without a sign of life: its work is another's
SCHEMA = "03.04.00_50_post_add_retry_failed_job_procedure.sql"  # of crm/jobs/migrations/0003
LIVING = (
    "SELECT count(*) FROM procrastinate_workers "
    "WHERE last_heartbeat > now() - make_interval(secs => %s)"
)
HELD = "SELECT count(*) FROM procrastinate_jobs"
CLEAR = "TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers"
# What a worker asks that has nothing to do: it gives its sign of life, hears whether one that is
# gone has left work, and in how many seconds the next is due. Procrastinate asks these one by one,
# each after an empty statement that tries the connection, and tries that on which it listens.
LOOK = (
    "SELECT procrastinate_update_heartbeat_v1(%(worker)s), "
    "EXISTS (SELECT FROM procrastinate_jobs AS job "
    "LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id "
    "WHERE job.status = 'doing' AND (worker.id IS NULL "
    "OR worker.last_heartbeat < now() - make_interval(secs => %(gone_s)s))) AS is_left, "
    "(SELECT extract(epoch FROM min(coalesce(scheduled_at, now())) - now()) "
    "FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = %(queue)s) AS due_s"
)
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL"

Do = Callable[[str, bool], None]  # the id of a row; whether this is the last try


def put(kind: str, identity: str, at: datetime | None = None) -> bool:
    """Put a piece of work into the queue with the caller's transaction, to be done at a moment or
    at once; False where there is no queue."""
    if connection.vendor != "postgresql":
        return False
    _putting().configure_task(kind, queue=NAME, schedule_at=at).defer(identity=identity)
    return True


def workers() -> int:
    """Return how many workers have given a sign of life lately."""
    return _count(LIVING, [GONE_S])


def waiting() -> int:
    """Return how many pieces of work could be done now."""
    return _count(WAITING, [])


def held() -> int:
    """Return how many pieces of work there are, also those in work and those that failed."""
    return _count(HELD, [])


def clear() -> None:
    """Forget all of them, with the caller's transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(CLEAR)


def _count(sql: str, values: list[float]) -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])


@cache
def _putting() -> App:
    from procrastinate import App  # noqa: PLC0415 - not for SQLite
    from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: PLC0415

    return App(connector=DjangoConnector())


class Worker:
    """Does work of the kinds that it knows, in threads. `beat` is called while it lives."""

    def __init__(self, kinds: Mapping[str, Do], beat: Callable[[], None] = lambda: None) -> None:
        from procrastinate import App, PsycopgConnector, RetryStrategy  # noqa: PLC0415
        from procrastinate.contrib.django import connector_params  # noqa: PLC0415

        self._beat = beat
        self._given = connector_params()
        self._app = App(connector=PsycopgConnector(kwargs=self._given, min_size=1, max_size=4))
        for kind, do in kinds.items():
            again = RetryStrategy(max_attempts=TRIES - 1, exponential_wait=WAIT_S)
            self._app.task(name=kind, queue=NAME, retry=again, pass_context=True)(_task(do))

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what is in work then is finished. A database that goes away is
        waited for."""
        while not stop.is_set():
            try:
                async with self._app.open_async():
                    await self._work(stop)
            except Exception:  # whatever the database says: logged, and tried again
                log.warning("the queue cannot be asked, once more in a second", exc_info=True)
                await asyncio.sleep(1)

    async def drain(self) -> None:
        """Do what waits and return."""
        async with self._app.open_async():
            await self._app.run_worker_async(
                queues=[NAME], wait=False, install_signal_handlers=False, listen_notify=False
            )

    async def _work(self, stop: asyncio.Event) -> None:
        from procrastinate.worker import Worker as Works  # noqa: PLC0415

        worker = Works(
            self._app,
            queues=[NAME],
            concurrency=AT_ONCE,
            install_signal_handlers=False,
            fetch_job_polling_interval=NEVER_S,  # `_look` finds work that nobody told of,
            update_heartbeat_interval=NEVER_S,  # and gives the signs of life;
            listen_notify=False,  # on the connection of the looks others are heard, too
            stalled_worker_timeout=GONE_S,
            delete_jobs="successful",
        )
        working = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        beside = asyncio.create_task(self._looks(worker))
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((working, beside, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            looks = [beside]
            if beside.done():  # its connection broke, and what is in work is not to be taken over
                looks.append(asyncio.create_task(self._looks(worker)))
            for task in (working, stopped):
                task.cancel()  # procrastinate ends what is in work before it ends itself
            try:
                with suppress(asyncio.CancelledError):
                    await working
            finally:
                for task in looks:
                    task.cancel()  # they gave signs of life to the end
                await asyncio.gather(*looks, stopped, return_exceptions=True)
        for task in looks:
            if not task.cancelled():
                task.result()  # the database went away

    async def _looks(self, worker: Works) -> None:
        """Look, and hear of new work between two looks, on one connection that nothing else uses:
        each look proves that it lives."""
        from psycopg import AsyncConnection  # noqa: PLC0415 - not for SQLite

        while worker.worker_id is None:  # it begins only now
            await asyncio.sleep(BEGINS_S)
        async with await AsyncConnection.connect(**self._given, autocommit=True) as listening:
            await listening.execute(f'LISTEN "{CHANNEL}"')
            while True:
                await self._look(worker, listening)
                async for _ in listening.notifies(timeout=BEAT_S):
                    worker._new_job_event.set()

    async def _look(self, worker: Works, listening: AsyncConnection) -> None:
        """Give a sign of life; see to work that was left, and be there when the next is due."""
        values = {"worker": worker.worker_id, "gone_s": GONE_S, "queue": NAME}
        ((_, is_left, due_s),) = await (await listening.execute(LOOK, values)).fetchall()
        self._beat()
        if is_left:
            try:
                await self._take_over()
            except Exception:  # two that put the same back
                log.exception("nothing was taken over this time")
        if due_s is not None and due_s < BEAT_S:
            loop = asyncio.get_running_loop()
            loop.call_later(max(0.0, float(due_s)), worker._new_job_event.set)

    async def _take_over(self) -> None:
        """Put back what workers had in work who give no sign of life."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=GONE_S):
            log.warning("%s is taken over from a worker that is gone", job.call_string)
            await manager.retry_job(job)


def _task(do: Do) -> Callable[..., None]:
    def task(context: JobContext, identity: str) -> None:
        do(identity, context.job.attempts + 1 >= TRIES)

    return task
