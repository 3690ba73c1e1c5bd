"""Background jobs: the Jobs port over rows. On PostgreSQL a worker does them, with retries
(`DjangoJobs.do`); on SQLite, and when no worker took one in time, the sweep does, one after
another.

A job's failure never leaves the sweep: it is the state of its row, and the form is told."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from crm.bridge.connection import part
from crm.bridge.outbox import DjangoOutbox
from crm.bridge.records import alive
from crm.jobs import queue
from crm.jobs.function import Function, functions
from crm.jobs.models import Job, JobQuerySet
from crm.ledger.operations.move_rows import move_rows
from crm.prepared import KEY, Prepared
from crm.together import answered
from engine.errors import Clash, EngineError
from engine.model.conversation import Signal
from engine.model.nothing import JobState
from engine.model.values import Row, Value
from engine.run.stored import pack, unpack

log = logging.getLogger(__name__)
LONGEST_ERROR = 500
KIND = "job"  # in the queue
LEFT = timedelta(minutes=1)  # to workers, before a sweep does it
BY_KEY = Prepared(lambda pk: Job.objects.filter(pk=pk).order_by(), KEY)
NEXT = Prepared(lambda: Job.objects.waiting().values_list("due_at", flat=True)[:1])


class DjangoJobs:
    """The Jobs port. `left` is for how long a sweep leaves what is due to workers."""

    def __init__(
        self, work: Mapping[str, Function] | None = None, left: timedelta = timedelta()
    ) -> None:
        self._work = functions() if work is None else work
        self._left = left

    def start(
        self, job: str, identity: str, arguments: Mapping[str, Value], session: str, chat: int
    ) -> None:
        """Write the row of a job; the same id twice is one. Raises EngineError for an unknown
        job."""
        if job not in self._work:
            raise EngineError(f"no job {job}")
        now = timezone.now()
        due = now + self._work[job].after(arguments)
        _, new = Job.objects.get_or_create(
            pk=UUID(identity),
            defaults={
                "name": job,
                "arguments": {name: pack(value) for name, value in arguments.items()},
                "session": UUID(session),
                "chat_id": chat,
                "started_at": now,
                "due_at": due,
            },
        )
        if new:
            queue.put(KIND, identity, due)

    def state(self, job: str) -> JobState | None:
        """Return how a job stands; one that was cancelled is failed."""
        row = next(iter(BY_KEY.rows(UUID(job))), None)
        if row is None:
            return None
        if row.state == Job.State.DONE:
            result = unpack(row.result)
            return JobState("done", result if isinstance(result, Row) else None, row.started_at)
        running = row.state == Job.State.RUNNING
        return JobState("running" if running else "failed", None, row.started_at)

    def cancel(self, identity: str) -> None:
        """Say that nobody waits for it; one that has ended stays as it is."""
        one = Job.objects.filter(pk=UUID(identity))
        move_rows(one, Job.State.CANCELLED, ended_at=timezone.now())

    def sweep(self, now: datetime) -> int:
        """Do every job that is due and tell its chat; any number of processes may sweep at once."""
        done = 0
        while self._next(now):
            done += 1
        return done

    def next_due(self) -> datetime | None:
        """Return when the next job is due for a sweep."""
        due = next(iter(answered(NEXT)), None)
        return due and due + self._left

    def do(self, identity: str, last: bool) -> None:
        """Do one job for a worker, unless it has ended or somebody does it. Raises what it met,
        with nothing changed, unless this is the last try."""
        now = timezone.now()
        self._take(Job.objects.waiting().filter(pk=UUID(identity)), now, last=last)

    def _next(self, now: datetime) -> bool:
        return self._take(Job.objects.due(now - self._left), now, last=True)

    def _take(self, rows: JobQuerySet, now: datetime, *, last: bool) -> bool:
        skip = connection.features.has_select_for_update_skip_locked
        with transaction.atomic():
            row = rows.select_for_update(skip_locked=skip).first()
            if row is None:
                return False
            self._do(row, now, last=last)
            DjangoOutbox().signal(row.chat_id, f"job:{row.pk}", Signal("job", str(row.pk)), now)
        return True

    def _do(self, row: Job, now: datetime, *, last: bool) -> None:
        arguments = {name: unpack(value, alive) for name, value in row.arguments.items()}
        state, told = Job.State.DONE, "result"
        try:
            with part():
                said = pack(self._work[row.name].run(arguments, now))
        except Clash:
            raise
        except Exception as error:  # whatever the job met: the form that waits must hear of it
            if not last:
                raise
            log.exception("job %s failed", row)
            state, told, said = Job.State.FAILED, "last_error", f"{error}"[:LONGEST_ERROR]
        one = Job.objects.filter(pk=row.pk)
        move_rows(one, state, attempts=row.attempts + 1, ended_at=now, **{told: said})


def in_turn() -> DjangoJobs:
    """Return the jobs of a process that sweeps: where there is a queue, workers go first."""
    return DjangoJobs(left=LEFT if connection.vendor == "postgresql" else timedelta())
