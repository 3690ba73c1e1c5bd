"""What lifecycles need of the outside, as protocols: records, places of resources, tasks, timers,
issued documents.

Like `engine.ports` beside it: synchronous, called inside one transaction, one suite for every
implementation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.errors import Refusal
from engine.model.conversation import Actor
from engine.model.effects import Paper
from engine.model.files import StoredFile
from engine.model.values import Row, Value
from engine.model.work import Alarm, Holder, Task, TaskWanted

Queue = tuple[str, str, tuple[str, ...]]  # kind of a record, its field, the states in it


@dataclass(frozen=True, slots=True)
class Change:
    """A transition as it is written: the field that holds the state, from where to where, which
    further fields get which values, and why. `stays`: the state is not entered anew."""

    lifecycle: str
    field: str
    transition: str
    source: str
    to: str
    sets: Mapping[str, Value]
    reason: str = ""
    stays: bool = False


class Codes(Protocol):
    """QR codes and barcodes of pictures."""

    def read(self, key: str) -> tuple[str, ...]:
        """Return the texts of the codes that a stored picture shows, the largest first; none
        when there is none or the picture cannot be read."""
        ...


class RecordReads(Protocol):
    """Records by kind and id, read and not locked."""

    def get(self, kind: str, identity: str) -> Row | None:
        """Return a record read afresh; None when there is none. What it leads to may be read when
        it is asked for (`engine.model.fields`)."""
        ...

    def ahead(
        self, chosen: Collection[tuple[str, str]], limits: Collection[str], at: datetime
    ) -> None:
        """Read chosen rows of catalogues, by these and their codes, and limits in force at a moment
        in one go: each is asked for next."""
        ...


class Records(Protocol):
    """Records with lifecycles, by their kinds in the Vocabulary."""

    def get(self, kind: str, identity: str) -> Row | None:
        """Return a record with every field, locked until the transaction ends."""
        ...

    def look(self, queues: Collection[Queue], records: Collection[tuple[str, str]]) -> None:
        """Lock together what somebody will look at before he writes anything: queues, and records
        by kind and id. `standing` and `get` of these then wait for nobody."""
        ...

    def standing(self, kind: str, field: str, *states: str) -> tuple[Row, ...]:
        """Return the records of a kind that are in one of the states, oldest first."""
        ...

    def patient(self) -> Records:
        """Return the same records for who looks again and again: of a queue or a state of which
        somebody holds a record he sees none, and waits for nobody. Who holds it looks himself."""
        ...

    def move(self, record: Row, change: Change, by: Actor | None, at: datetime) -> Row:
        """Move a state by compare-and-set, set fields, write history; return the record read anew.

        Raises `Refused`, with who and when, when somebody was first."""
        ...

    def entry(self, record: Row, field: str) -> str:
        """Return what names the present entry of a state: another one each time it is entered."""
        ...

    def since(self, record: Row, field: str) -> datetime | None:
        """Return when the present state was entered; None when nobody knows."""
        ...

    def version(self, record: Row) -> int:
        """Return how many changes a record had: another number after each."""
        ...

    def waits(self, kind: str, field: str, why: Mapping[str, str]) -> None:
        """Keep why records of a kind wait, in words by id; an empty text: one waits for nothing any
        more."""
        ...


class Resources(Protocol):
    """Places of resources: one row a place that is held. A name may have a place after a slash."""

    def holders(self, resource: str) -> tuple[Holder, ...]:
        """Return who holds places of a resource, in the order of taking."""
        ...

    def stopped(self, resource: str) -> str:
        """Return why no new work enters a resource; an empty text when it runs."""
        ...

    def take(self, resource: str, capacity: int, record: Row, lifecycle: str, at: datetime) -> None:
        """Take a place for a record; a second one of the same lifecycle is the same place.

        Raises `Refused` when every place is held."""
        ...

    def free(self, resource: str, record: Row, lifecycle: str) -> None:
        """Free the place of a record; none changes nothing."""
        ...


class Tasks(Protocol):
    """Work that waits. One task of a kind is open for a record."""

    def create(self, wanted: TaskWanted, at: datetime) -> Task:
        """Open a task, which is then `opened`; the open one of the same record and kind is returned
        as it is."""
        ...

    def get(self, task: str) -> Task | None:
        """Return a task."""
        ...

    def of(self, record: str, identity: str) -> tuple[Task, ...]:
        """Return the open and claimed tasks of a record, oldest first."""
        ...

    def at(self, resource: str) -> tuple[Task, ...]:
        """Return the open and claimed tasks of the records that hold places of a resource, oldest
        first."""
        ...

    def of_kinds(self, *wanted: tuple[str, str]) -> Mapping[tuple[str, str, str], str]:
        """Return the open and claimed tasks of some kinds, each with the kind of the records that
        it is about: their ids by these two and the ids of the records."""
        ...

    def had(self, record: Row, lifecycle: str, kind: str, since: datetime | None) -> bool:
        """Tell whether a record has had a task of a kind since a moment (None: ever), also one that
        has ended."""
        ...

    def of_session(self, session: str) -> Task | None:
        """Return the task that a form does."""
        ...

    def claim(self, task: str, actor: Actor, session: str, at: datetime) -> Task | Refusal:
        """Take an open task for a person and the form that does it (empty: no form); his own task
        again is fine. Refused when somebody has it, with who and when."""
        ...

    def take_over(self, task: str, actor: Actor, session: str, at: datetime) -> Task | Refusal:
        """Take a task that another person has."""
        ...

    def release(self, task: str, at: datetime) -> Task | None:
        """Put a claimed task back; None when it is not claimed."""
        ...

    def complete(self, task: str, actor: Actor | None, at: datetime) -> Task | None:
        """End a task as done; None when it waits no more."""
        ...

    def cancel(self, task: str, why: str, at: datetime) -> Task | None:
        """End a task that is not wanted any more; None when it waits no more."""
        ...

    def reissue(self, task: str, at: datetime) -> Task | None:
        """Count that its messages are made again; None when it waits no more."""
        ...

    def idle(self, since: datetime) -> tuple[Task, ...]:
        """Return claimed tasks that were taken, and whose form was last answered, before a
        moment."""
        ...

    def late(self, now: datetime) -> tuple[tuple[Task, int], ...]:
        """Raise the tasks that wait too long and return each with its new level: 1 at warn, 2 at
        breach, 3 at twice the breach; each level once."""
        ...

    def next_late(self) -> datetime | None:
        """Return when the next task will have waited too long."""
        ...

    def kinds_for(self, actor: Actor) -> tuple[str, ...]:
        """Return the kinds of the waiting tasks that a person may do, in no order, with a DECISION
        for each open request of a form that his roles may decide."""
        ...

    def open_for(self, actor: Actor, now: datetime) -> tuple[Task, ...]:
        """Return the waiting tasks that a person may do, overdue first, then oldest."""
        ...


class Failures(Protocol):
    """System transitions that broke: how often in a row for a record, and over what."""

    def count(self, record: str, identity: str, transition: str) -> int:
        """Return how often a transition of a record broke since it last went well or a person let
        it be tried again."""
        ...

    def often(self, times: int) -> frozenset[tuple[str, str, str]]:
        """Return the kinds, ids and transitions that broke so many times or more."""
        ...

    def add(self, record: str, identity: str, transition: str, why: str, at: datetime) -> int:
        """Keep that it broke once more, and return how often it did."""
        ...

    def clear(self, record: str, identity: str, transition: str) -> None:
        """Forget that it broke; nothing to forget changes nothing."""
        ...


class Alarms(Protocol):
    """Timers of states. Each rings once."""

    def plan(self, alarm: Alarm) -> None:
        """Keep a timer; the same one of the same entry is kept once, with the later due time."""
        ...

    def keep(self, alarm: Alarm) -> None:
        """Keep a timer unless the same one of the same entry is kept, or has rung."""
        ...

    def due(self, now: datetime, count: int) -> tuple[Alarm, ...]:
        """Return timers whose time has come, earliest first, and count them as rung."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the next timer is due."""
        ...


class Timers(Protocol):
    """Reminders and escalations as rows."""

    def sweep(self, now: datetime) -> int:
        """Fire every timer that is due and whose subject still waits; return how many.

        Each fires once."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the next timer is due."""
        ...

    def sweep_and_look(self, now: datetime) -> tuple[int, datetime | None]:
        """Sweep, and return how many fired and when the next is due: where none fired, as it was
        known when the sweep began."""
        ...


class Papers(Protocol):
    """Issued documents."""

    def values(self, paper: Paper) -> tuple[Row, str]:
        """Return the record of a document, with all fields, and the state the document is issued
        in."""
        ...

    def issued(self, paper: Paper, stored: StoredFile, name: str, at: datetime) -> None:
        """Keep that a document was made; the same key twice is one row."""
        ...
