"""What the rehearsal plant keeps: plain dictionaries of frozen values and JSON texts.

Because every value is frozen, a snapshot is a copy of the dictionaries, and a rollback puts them
back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import is_not
from typing import Any

from engine.model.conversation import Button, Signal, Verdict
from engine.model.effects import Paper, ReportWanted
from engine.model.text import Text
from engine.model.values import Option, Row, Value
from engine.model.work import Alarm, Holder, Task
from engine.plant_ports import Change

NO_TEXT = Text()
DEEPEST = 3  # records within records that are read afresh


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the samples: id, full name, roles, language, the chat he is bound to (0:
    none)."""

    id: str
    name: str
    roles: frozenset[str]
    language: str = "ru"
    chat: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class KeptChat:
    """A chat in its stored form: JSON of the chat, ids of its live sessions with the top one
    last, what is on screen."""

    body: str
    live: tuple[str, ...] = ()
    shown_turn: int = 0
    message: int | None = None


@dataclass(frozen=True, slots=True)
class KeptDeviation:
    """A decision request: who asked where, its times, how far it was escalated, how it was
    decided."""

    id: str
    chat: int
    session: str
    flow: str
    step: str
    roles: tuple[str, ...]
    card: Text
    pictures: tuple[str, ...]
    asked_at: datetime
    warn_s: int
    breach_s: int
    state: str = "open"
    level: int = 0
    decider: str = ""
    decided_at: datetime | None = None
    comment: str = ""

    def due(self) -> datetime | None:
        """Return when the next reminder is due; None when nothing waits any more."""
        if self.state != "open" or self.level >= 3:
            return None
        seconds = (self.warn_s, self.breach_s, 2 * self.breach_s)[self.level]
        return self.asked_at + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A row of the outbox. `state` is pending, sent, undeliverable or superseded; `due` is when it
    may be tried, `begun` that it was."""

    id: str
    key: str
    kind: str
    person: str
    chat: int
    due: datetime
    text: Text = NO_TEXT
    buttons: tuple[Button, ...] = ()
    pictures: tuple[str, ...] = ()
    paper: Paper | None = None
    verdict: Verdict | None = None
    signal: Signal | None = None
    report: ReportWanted | None = None
    state: str = "pending"
    attempts: int = 0
    error: str = ""
    message: int | None = None
    about: str = ""  # of an edit: the letter whose message is changed
    begun: bool = False


@dataclass(frozen=True, slots=True)
class KeptJob:
    """A background job: what the samples say it comes to, and when; `told` once its end was."""

    id: str
    job: str
    session: str
    chat: int
    started_at: datetime
    ends_at: datetime
    failed: bool = False
    result: Row | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Ran:
    """An operation that was run: its name, its parameters, the id of the row that came of it."""

    operation: str
    parameters: Mapping[str, Value]
    made: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of a record's history: what changed, the name of who did it, when."""

    change: Change
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A place that a record holds because of a lifecycle."""

    holder: Holder
    lifecycle: str


@dataclass(frozen=True, slots=True)
class KeptAlarm:
    """A timer of a state, and whether it has rung."""

    alarm: Alarm
    rung: bool = False


@dataclass
class Memory:
    """Everything that is kept. `results` holds the id of the row that a session's operation made,
    `ran` every operation in order, `answered` when a form last was, `history` the changes of a row
    by its id, `waits` why a row does not go on, by id and field, `failures` over what a system
    transition broke, by kind, id and name, `given` the ids of rows that were there at the start."""

    people: dict[str, Person] = field(default_factory=dict)
    invitations: dict[str, str] = field(default_factory=dict)
    wrong_codes: dict[int, tuple[datetime, ...]] = field(default_factory=dict)
    access: dict[int, tuple[str, ...]] = field(default_factory=dict)
    catalogues: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    updates: dict[int, int] = field(default_factory=dict)
    chats: dict[int, KeptChat] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    answered: dict[str, datetime] = field(default_factory=dict)
    deviations: dict[str, KeptDeviation] = field(default_factory=dict)
    letters: dict[str, KeptLetter] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    results: dict[tuple[str, str], str] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    jobs: dict[str, KeptJob] = field(default_factory=dict)
    history: dict[str, tuple[Changed, ...]] = field(default_factory=dict)
    waits: dict[tuple[str, str], str] = field(default_factory=dict)
    places: dict[str, tuple[Held, ...]] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    failures: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    alarms: dict[tuple[str, str, str, str], KeptAlarm] = field(default_factory=dict)

    @property
    def made(self) -> tuple[Row, ...]:
        """Return the rows made since the start, in the order of making."""
        return tuple(row for row in self.rows.values() if row.id not in self.given)

    def digest_of(self, session: str) -> str:
        """Return the version of the flows that a form goes on under; empty when there is none."""
        kept = self.sessions.get(session)
        return str(json.loads(kept)["digest"]) if kept else ""

    def fresh(self, value: Value, depth: int = DEEPEST) -> Value:
        """Return a value with every record in it as it stands now; one that is kept nowhere stays
        as it is."""
        if isinstance(value, tuple):
            items = tuple(self.fresh(item, depth) for item in value)
            return items if any(map(is_not, items, value)) else value
        if not isinstance(value, Row):
            return value
        now = self.rows.get(value.id, value)
        if depth == 0:
            return now
        changed = {
            name: one
            for name, item in now.fields.items()
            if isinstance(item, Row | tuple) and (one := self.fresh(item, depth - 1)) is not item
        }
        return replace(now, fields={**now.fields, **changed}) if changed else now

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep what happens inside, or nothing of it when it is left by an exception; may be
        nested."""
        before = {name: kept.copy() for name, kept in vars(self).items()}
        try:
            yield
        except BaseException:
            for name, value in before.items():
                setattr(self, name, value)
            raise
