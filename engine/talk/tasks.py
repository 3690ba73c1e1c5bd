"""The rehearsal plant's tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from engine.errors import Refusal
from engine.model.conversation import Actor
from engine.model.values import Row
from engine.model.work import DECISION, Task, TaskWanted
from engine.run.cards import ended, may_do, taken
from engine.run.lives import SYSTEM_ACTOR
from engine.talk.memory import Memory

NO_TASK = Refusal("Этой задачи больше нет")


class MemoryTasks:
    """Tasks, by id."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def create(self, wanted: TaskWanted, at: datetime) -> Task:
        """Open a task; the open one of the same record and kind is returned as it is."""
        for task in self.of(wanted.record, wanted.record_id):
            if task.wanted.kind == wanted.kind:
                return task
        count = len(self._memory.tasks)
        identity = uuid5(NAMESPACE_OID, f"task {wanted.kind} {wanted.record_id} {count}").hex[:12]
        task = Task(identity, wanted, "open", at, level=wanted.level)
        return replace(self._keep(task), opened=True)

    def _keep(self, task: Task) -> Task:
        self._memory.tasks[task.id] = task
        return task

    def get(self, task: str) -> Task | None:
        """Return a task."""
        return self._memory.tasks.get(task)

    def of(self, record: str, identity: str) -> tuple[Task, ...]:
        """Return the open and claimed tasks of a record, oldest first."""
        return tuple(
            task
            for task in self._memory.tasks.values()
            if task.waits and (task.wanted.record, task.wanted.record_id) == (record, identity)
        )

    def at(self, resource: str) -> tuple[Task, ...]:
        """Return the open and claimed tasks of the records that hold places of a resource."""
        held = {
            (one.holder.record, one.holder.record_id)
            for one in self._memory.places.get(resource, ())
        }
        return tuple(
            task
            for task in self._memory.tasks.values()
            if task.waits and (task.wanted.record, task.wanted.record_id) in held
        )

    def of_kinds(self, *wanted: tuple[str, str]) -> Mapping[tuple[str, str, str], str]:
        """Return the ids of the open and claimed tasks of some kinds about records of a kind, by
        these and the ids of the records."""
        return {
            (task.wanted.record, task.wanted.kind, task.wanted.record_id): task.id
            for task in self._memory.tasks.values()
            if task.waits and (task.wanted.record, task.wanted.kind) in wanted
        }

    def had(self, record: Row, lifecycle: str, kind: str, since: datetime | None) -> bool:
        """Tell whether a record has had a task since a moment, also one that has ended."""
        wanted = (record.kind, record.id, lifecycle, kind)
        return any(
            (one.wanted.record, one.wanted.record_id, one.wanted.lifecycle, one.wanted.kind)
            == wanted
            and (since is None or one.created_at >= since)
            for one in self._memory.tasks.values()
        )

    def of_session(self, session: str) -> Task | None:
        """Return the task that a form does."""
        tasks = self._memory.tasks.values()
        return next((one for one in tasks if one.waits and one.session == session), None)

    def claim(self, task: str, actor: Actor, session: str, at: datetime) -> Task | Refusal:
        """Take an open task. Refused when somebody has it, with who and when."""
        found = self._memory.tasks.get(task)
        if found is None:
            return NO_TASK
        if not found.waits:
            return ended(found)
        if found.state == "claimed" and found.holder != actor.id:
            return taken(found)
        return self.take_over(task, actor, session, at)

    def take_over(self, task: str, actor: Actor, session: str, at: datetime) -> Task | Refusal:
        """Take a task, also from another person."""
        found = self._memory.tasks.get(task)
        if found is None:
            return NO_TASK
        if not found.waits:
            return ended(found)
        return self._keep(
            replace(found, state="claimed", holder=actor.id, by=actor.name, at=at, session=session)
        )

    def release(self, task: str, at: datetime) -> Task | None:
        """Put a claimed task back; None when it is not claimed."""
        del at
        found = self._memory.tasks.get(task)
        if found is None or found.state != "claimed":
            return None
        return self._keep(replace(found, state="open", holder="", by="", at=None, session=""))

    def complete(self, task: str, actor: Actor | None, at: datetime) -> Task | None:
        """End a task as done; None when it waits no more."""
        return self._end(task, "done", actor.name if actor else SYSTEM_ACTOR.name, at, "")

    def cancel(self, task: str, why: str, at: datetime) -> Task | None:
        """End a task that is not wanted any more; None when it waits no more."""
        return self._end(task, "cancelled", "", at, why)

    def _end(self, task: str, state: str, by: str, at: datetime, why: str) -> Task | None:
        found = self._memory.tasks.get(task)
        if found is None or not found.waits:
            return None
        return self._keep(replace(found, state=state, by=by, at=at, why=why))

    def reissue(self, task: str, at: datetime) -> Task | None:
        """Count that its messages are made again; None when it waits no more."""
        del at
        found = self._memory.tasks.get(task)
        if found is None or not found.waits:
            return None
        return self._keep(replace(found, issue=found.issue + 1))

    def kinds_for(self, actor: Actor) -> tuple[str, ...]:
        """Return the kinds of the waiting tasks that a person may do, with a DECISION for each open
        request that his roles may decide."""
        waiting = (one for one in self._memory.tasks.values() if one.waits and may_do(actor, one))
        asked = (
            kept
            for kept in self._memory.deviations.values()
            if kept.state == "open" and not actor.roles.isdisjoint(kept.roles)
        )
        return (*(one.wanted.kind for one in waiting), *(DECISION for _ in asked))

    def open_for(self, actor: Actor, now: datetime) -> tuple[Task, ...]:
        """Return the waiting tasks that a person may do, overdue first, then oldest."""
        mine = [one for one in self._memory.tasks.values() if one.waits and may_do(actor, one)]
        return tuple(sorted(mine, key=lambda one: (not one.overdue(now), one.created_at)))

    def idle(self, since: datetime) -> tuple[Task, ...]:
        """Return claimed tasks whose form was not answered since a moment."""
        claimed = [task for task in self._memory.tasks.values() if task.state == "claimed"]
        return tuple(task for task in claimed if self._touched(task) <= since)

    def _touched(self, task: Task) -> datetime:
        taken = task.at or task.created_at
        return max(taken, self._memory.answered.get(task.session, taken))

    def late(self, now: datetime) -> tuple[tuple[Task, int], ...]:
        """Raise the tasks that wait too long, a level at a time, each level once."""
        found: list[tuple[Task, int]] = []
        for name in tuple(self._memory.tasks):
            while self._memory.tasks[name].late(now):
                task = self._memory.tasks[name]
                found.append((self._keep(replace(task, level=task.level + 1)), task.level + 1))
        return tuple(found)

    def next_late(self) -> datetime | None:
        """Return when the next task will have waited too long."""
        moments = (task.next_late() for task in self._memory.tasks.values())
        return min((one for one in moments if one is not None), default=None)
