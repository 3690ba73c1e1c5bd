"""Work as values: tasks that wait for people, what holds a place, what a clock will do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.model.text import Text
from engine.model.values import Value

TASK = "task"  # kind of record that a task is to a flow that is told of one
DECISION = "decide_deviation"  # kind of the task of who may decide what a question of a form asks
COUNTERSIGN = "countersign"  # kind of the task of a second person
RETRY = "retry"  # kind of the task of who may let a parked system transition be tried again


@dataclass(frozen=True, slots=True)
class Receivers:
    """Whose something is: holders of roles, and persons by their ids. Nobody when both are
    empty."""

    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.roles or self.people)


@dataclass(frozen=True, slots=True)
class Signature:
    """The command of a first person that waits for a second: who gave it, with what reason, and
    who may not confirm it beside him. One of no lifecycle is answered where it was given, not on
    the card of its task."""

    lifecycle: str
    transition: str
    first: str
    first_name: str
    first_roles: tuple[str, ...]
    reason: str = ""
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskWanted:
    """Work wanted about a record. `record` is its kind. One of `flow`, `buttons` (transition and
    title) and `signature` says how it is done; `given` are the parameters of the flow, which may
    have one button with a title of its own. At `level` it begins: it is then as late as a task that
    has waited until then."""

    kind: str
    record: str
    record_id: str
    title: str
    text: Text
    to: Receivers
    lifecycle: str = ""  # whose state asks for it
    flow: str = ""
    given: Mapping[str, Value] = field(default_factory=dict)
    buttons: tuple[tuple[str, str], ...] = ()
    claim: str = ""
    release: str = ""
    warn_s: int | None = None
    breach_s: int | None = None
    signature: Signature | None = None
    level: int = 0

    def after_s(self) -> tuple[int | None, ...]:
        """Return after how many seconds of waiting it rises to each level; None: it does not."""
        breach = self.breach_s
        return (self.warn_s, breach, None if breach is None else 2 * breach, None)

    def behind_s(self) -> int:
        """Return how many seconds a task counts as having waited when it is made."""
        return (self.after_s()[self.level - 1] or 0) if self.level else 0


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands. `issue` counts how often its messages were made; `session` is the form
    that does it; `why` says why it was cancelled. `by` is the name of who took or ended it.
    `opened` tells whoever asks for it that it was not there before."""

    id: str
    wanted: TaskWanted
    state: str  # open | claimed | done | cancelled
    created_at: datetime
    holder: str = ""  # id of the person who took it
    by: str = ""
    at: datetime | None = None  # when it was taken or ended
    session: str = ""
    why: str = ""
    level: int = 0
    issue: int = 0
    opened: bool = field(default=False, compare=False)

    @property
    def waits(self) -> bool:
        """Tell whether it is still to be done."""
        return self.state in ("open", "claimed")

    def next_late(self) -> datetime | None:
        """Return when it will have waited for its next level; None when nothing reminds of it."""
        seconds = self.wanted.after_s()[self.level]
        if seconds is None or not self.waits:
            return None
        return self.created_at + timedelta(seconds=seconds - self.wanted.behind_s())

    def late(self, now: datetime) -> bool:
        """Tell whether it has waited for its next level."""
        due = self.next_late()
        return due is not None and due <= now

    def overdue(self, now: datetime) -> bool:
        """Tell whether it waits longer than its `breach`, or began as late as that."""
        limit = self.wanted.breach_s
        waited = (now - self.created_at).total_seconds() + self.wanted.behind_s()
        return limit is not None and waited >= limit


@dataclass(frozen=True, slots=True)
class Holder:
    """A record that holds a place of a resource, since when."""

    record: str
    record_id: str
    title: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """A timer of a state: due once, and only while the record is in the same entry of it."""

    record: str
    record_id: str
    lifecycle: str
    state: str
    entry: str
    name: str
    due: datetime
