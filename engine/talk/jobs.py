"""The rehearsal plant's background jobs: what `flows/samples.yaml` says each comes to, and after
how long of the set clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from engine.errors import EngineError
from engine.expressions.compile import EvaluationError, compile_expression
from engine.model.conversation import Signal
from engine.model.nothing import JobState
from engine.model.values import Row, Value
from engine.ports import Clock
from engine.talk.memory import KeptJob, Memory
from engine.talk.outbox import MemoryOutbox
from engine.talk.samples import SampleJob
from engine.talk.scripted import value_of


class MemoryJobs:
    """Jobs that end by the set clock."""

    def __init__(
        self,
        script: Mapping[str, tuple[SampleJob, ...]],
        memory: Memory,
        outbox: MemoryOutbox,
        clock: Clock,
    ) -> None:
        self._script, self._memory, self._outbox, self._clock = script, memory, outbox, clock

    def start(
        self, job: str, identity: str, arguments: Mapping[str, Value], session: str, chat: int
    ) -> None:
        """Start a job; the same id twice starts it once. Raises EngineError for one that the
        samples do not script."""
        if identity in self._memory.jobs:
            return
        line = self._line(job, arguments)
        now = self._clock.now()
        result = value_of(line.result) if line.result else None
        self._memory.jobs[identity] = KeptJob(
            identity,
            job,
            session,
            chat,
            now,
            now + timedelta(seconds=line.after),
            line.failed,
            result if isinstance(result, Row) else None,
        )

    def _line(self, job: str, arguments: Mapping[str, Value]) -> SampleJob:
        for line in self._script.get(job, ()):
            if line.when is None or _holds(line.when, arguments):
                return line
        raise EngineError(f"flows/samples.yaml scripts no job {job} for {dict(arguments)}")

    def state(self, job: str) -> JobState | None:
        """Return how a job stands by the set clock."""
        kept = self._memory.jobs.get(job)
        if kept is None:
            return None
        if kept.ends_at > self._clock.now():
            return JobState("running", None, kept.started_at)
        if kept.failed:
            return JobState("failed", None, kept.started_at)
        return JobState("done", kept.result, kept.started_at)

    def cancel(self, identity: str) -> None:
        """Say that nobody waits for it."""
        kept = self._memory.jobs.get(identity)
        if kept is not None:
            self._memory.jobs[identity] = replace(kept, told=True)

    def sweep(self, now: datetime) -> int:
        """Tell the chats of the jobs that ended; return how many."""
        ended = [one for one in self._memory.jobs.values() if not one.told and one.ends_at <= now]
        for kept in ended:
            self._memory.jobs[kept.id] = replace(kept, told=True)
            self._outbox.signal(kept.chat, f"job:{kept.id}", Signal("job", kept.id), now)
        return len(ended)

    def next_due(self) -> datetime | None:
        """Return when the next job ends."""
        waiting = (one.ends_at for one in self._memory.jobs.values() if not one.told)
        return min(waiting, default=None)


def _holds(text: str, arguments: Mapping[str, Value]) -> bool:
    try:
        return compile_expression(text)(arguments) is True
    except EvaluationError:
        return False
