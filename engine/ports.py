"""What the engine needs of the outside: protocols that `crm/bridge` and fakes satisfy, one suite
for all. Synchronous, in one `Ports.transaction`, another for what may be refused; no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.errors import Refusal
from engine.model.conversation import Actor, Bounds, Button, Chat, Seen, Session, Signal, Verdict
from engine.model.effects import Notice, Paper, ReportWanted, Request
from engine.model.files import StoredFile
from engine.model.letters import Letter
from engine.model.nothing import NO_CODES, NO_JOBS, NO_RECORDS, NO_SUGGESTIONS, NO_WORK, JobState
from engine.model.text import Text
from engine.model.values import Option, Row, Value
from engine.plant_ports import Codes, RecordReads, Tasks


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a catalogue: its options and how many there are in all."""

    options: tuple[Option, ...]
    total: int


class Catalogues(Protocol):
    """Lists of choices from the database, by the names of the Vocabulary; only active rows."""

    def page(self, catalogue: str, query: str, offset: int, count: int) -> Page:
        """Return options whose title contains `query` (ignoring case), in the order of their
        titles."""
        ...

    def exact(self, catalogue: str, title: str) -> Option | None:
        """Return the option with this title after trimming and ignoring case."""
        ...

    def similar(self, catalogue: str, title: str, count: int) -> tuple[Option, ...]:
        """Return up to `count` options with the nearest titles, nearest first."""
        ...

    def get(self, catalogue: str, code: str) -> Option | None:
        """Return the option with this code."""
        ...


class Limits(Protocol):
    """Limits in force."""

    def bounds(self, limit: str, arguments: Mapping[str, Value], at: datetime) -> Bounds:
        """Return the bounds in force at a moment.

        Raises EngineError when there is none: callers treat it as outside."""
        ...


class Facts(Protocol):
    """Typed read-only queries."""

    def ask(self, fact: str, arguments: tuple[Value, ...]) -> Value:
        """Answer a fact of the Vocabulary."""
        ...


class Clock(Protocol):
    """The time, so that tests can move it."""

    def now(self) -> datetime:
        """Return the present moment, aware, in the plant's zone."""
        ...


class Suggestions(Protocol):
    """Values that a person gave before."""

    def last(self, person: str, flow: str, field: str, count: int) -> tuple[Value, ...]:
        """Return his last different values of a field of a flow, from saved forms, newest
        first; `field` is an address without row keys: `items.kg`."""
        ...


class JobStates(Protocol):
    """How background jobs stand."""

    def state(self, job: str) -> JobState | None:
        """Return the state of a job by its id; None when it was never started."""
        ...


@dataclass(frozen=True, slots=True)
class Reads:
    """All that a pure turn may ask of the outside."""

    catalogues: Catalogues
    limits: Limits
    facts: Facts
    clock: Clock
    suggestions: Suggestions = NO_SUGGESTIONS
    jobs: JobStates = NO_JOBS
    records: RecordReads = NO_RECORDS
    codes: Codes = NO_CODES


@dataclass(frozen=True, slots=True)
class Context:
    """Who saves, for which session (empty: none), when; `second` confirmed what he asked for."""

    actor: Actor
    session: str
    at: datetime
    digest: str = ""  # of the Program that the session runs under; empty: the present one
    second: Actor | None = None


class Operations(Protocol):
    """Plant operations and transitions: the only writers of plant data."""

    def run(self, operation: str, parameters: Mapping[str, Value], context: Context) -> Row | None:
        """Run one operation of the Vocabulary.

        Raises `Refused`. Done twice with one session it changes nothing."""
        ...

    def fire(
        self,
        record: Row,
        transition: str,
        context: Context,
        reason: str = "",
        given: Mapping[str, Value] | None = None,
        touched: Sequence[Row] = (),
    ) -> Row:
        """Do one transition of the record's lifecycle on a locked row, with its `do:`, and what the
        system does then; `given` are values for its `set:` and `do:`. `touched` are the records
        that operations were given or made just before: no other `settle` is needed for them.

        With a second signature needed the record stays, and a task waits for the second person.
        Raises `Refused`."""
        ...

    def confirm(self, task: str, context: Context) -> Row:
        """Do the transition that a first person asked for and a second, the actor, confirms now;
        the task asks for it.

        Raises `Refused`."""
        ...

    def settle(self, touched: Sequence[Row], context: Context) -> None:
        """Do what the system does after operations, as `fire` does by itself: whoever runs an
        operation calls this at the end of his transaction. `touched` are the records that were
        given or made."""
        ...

    def retry(self, task: str, context: Context) -> bool:
        """Let a system transition that is parked be tried again, as its task asks; tell whether it
        breaks no more.

        Raises `Refused`."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """A deviation as it stands: who asked where, its state, and, once decided, by whom and when."""

    id: str
    state: str
    chat: int
    session: str
    flow: str
    step: str
    card: Text
    decider: str = ""
    decided_at: datetime | None = None
    digest: str = ""  # of the Program that the form goes on under; empty: the present one


class Deviations(Protocol):
    """Decision requests."""

    def request(self, request: Request, chat: int, at: datetime) -> None:
        """Keep a request with its timers and its task; the same id twice changes nothing."""
        ...

    def withdraw(self, deviation: str, reason: str, at: datetime) -> None:
        """Take a request back if it is still open."""
        ...

    def decide(
        self, verdict: Verdict, actor: Actor, state: str, at: datetime
    ) -> Standing | Refusal:
        """Decide once: `state` is approved or rejected.

        Refused when somebody was first, with who and when."""
        ...

    def get(self, deviation: str) -> Standing | None:
        """Return a deviation."""
        ...

    def open(self, roles: frozenset[str]) -> tuple[Standing, ...]:
        """Return open requests that these roles may decide, oldest first."""
        ...


class People(Protocol):
    """Who talks in a chat."""

    def actor(self, chat: int) -> Actor | None:
        """Return the active person bound to a chat, with the roles held now."""
        ...

    def bind(self, chat: int, code: str, at: datetime) -> Actor | Refusal:
        """Bind a chat by an invitation code; wrong tries are counted and lock the chat."""
        ...

    def ask_access(self, chat: int, said: str, at: datetime) -> Refusal | None:
        """Keep a request for access."""
        ...

    def set_language(self, actor: Actor, language: str) -> Actor:
        """Keep the language that a person chose and return him with it."""
        ...


@dataclass(frozen=True, slots=True)
class Lying:
    """A draft that lies: in which chat, whose, of which flow and version, answered last when."""

    chat: int
    session: str
    person: str
    flow: str
    digest: str
    answered_at: datetime


class Chats(Protocol):
    """Chats and their sessions, autosaved each turn."""

    def handled(self, update: int) -> bool:
        """Tell whether an update of a chat that is loaded was handled."""
        ...

    def load(self, chat: int, update: int = 0, seen: Seen | None = None) -> Chat:
        """Return the chat, locked until the commit, for `update`; `keep` writes what was `seen`."""
        ...

    def keep(
        self, chat: Chat, at: datetime, ended: tuple[Session, ...] = (), update: int = 0
    ) -> None:
        """Save the chat, its sessions, those that ended now, and that an update was handled."""
        ...

    def lying(self, since: datetime) -> tuple[Lying, ...]:
        """Return the live sessions without an answer since a moment, or at it."""
        ...

    def waiting(self) -> tuple[Chat, ...]:
        """Return the chats with a form that stands at a wait, read and not locked."""
        ...

    def undelivered(self) -> tuple[int, ...]:
        """Return chats whose present prompt never reached the worker."""
        ...

    def shown(self, *seen: Seen) -> tuple[Seen, ...]:
        """Remember what is on screen unless a later turn is; return what busy chats left out."""
        ...

    def message(self, chat: int) -> int | None:
        """Return the message that shows the present prompt, if it did."""
        ...


class Outbox(Protocol):
    """Messages that wait; written in the transaction that made them necessary."""

    def notify(self, notice: Notice) -> int:
        """Write one row a person, holders of `roles` and `people`, and return how many they are.

        The same key and person twice is one row. What can wait is due to each when his quiet hours
        end."""
        ...

    def paper(self, paper: Paper) -> None:
        """Write a row for a document to render and send."""
        ...

    def verdict(self, chat: int, verdict: Verdict) -> None:
        """Write a row that brings a decision into the chat that waits for it."""
        ...

    def report(self, report: ReportWanted) -> None:
        """Write a row for a report to make and send."""
        ...

    def signal(self, chat: int, key: str, signal: Signal, at: datetime) -> None:
        """Write a row that brings a signal into a chat at a moment; the same key twice is one
        row."""
        ...

    def change(
        self, key: str, note: Text, *, live: bool, but: str = "", over: bool = False
    ) -> None:
        """Change the messages of the notices with a key: `note` stands under the text, the buttons
        go unless `live`; that of the person `but` stays. Each call changes what was written, not
        what an earlier change made of it; a row that is not delivered yet is changed after it. When
        it is `over`, a row that nobody has begun to send and nothing has changed is not sent."""
        ...

    def drop(self, key: str) -> None:
        """Take back the notices with a key that are not delivered yet."""
        ...

    def claim(self, now: datetime, count: int, *, moving: bool = False) -> tuple[Letter, ...]:
        """Claim up to `count` due rows, in order of writing; a claimed row is due again after a
        minute. `moving`: only those that bring a form on."""
        ...

    def sent(self, letter: str, message: int | None, now: datetime) -> None:
        """Mark a row as delivered."""
        ...

    def failed(
        self, letter: str, error: str, now: datetime, *, after_s: float | None, permanent: bool
    ) -> None:
        """Plan the next try (`after_s` overrides the back-off) or give the row up when
        `permanent`."""
        ...

    def press(self, letter: str, chat: int, index: int) -> Button | None:
        """Return the button of a delivered row, only in the chat it was delivered to."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the next row is due."""
        ...


class Jobs(JobStates, Protocol):
    """Work in the background. What ended is told to the chat by a signal through the outbox."""

    def start(
        self, job: str, identity: str, arguments: Mapping[str, Value], session: str, chat: int
    ) -> None:
        """Start a job of the Vocabulary; the same id twice starts it once."""
        ...

    def cancel(self, identity: str) -> None:
        """Say that nobody waits for it: it tells nobody when it ends."""
        ...


class Files(Protocol):
    """An object store. Keys are kind/yyyy/mm/uuid."""

    def put(self, key: str, content: bytes, mime: str) -> StoredFile:
        """Store content under a key."""
        ...

    def get(self, key: str) -> bytes:
        """Return the content."""
        ...

    def delete(self, key: str) -> None:
        """Delete a key; an absent one is fine."""
        ...

    def link(self, key: str, seconds: int, name: str) -> str:
        """Return a signed link that expires."""
        ...


class TransactionMaker(Protocol):
    """Opens a transaction (or a savepoint inside one); leaving by an exception rolls it back."""

    def __call__(self) -> AbstractContextManager[None]:
        """Open it."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that a full turn needs."""

    reads: Reads
    operations: Operations
    deviations: Deviations
    people: People
    chats: Chats
    outbox: Outbox
    transaction: TransactionMaker
    tasks: Tasks
    jobs: Jobs = NO_WORK
