"""What a turn wants done, as data.

`engine.run.perform` does it through the ports, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.model.conversation import Bounds, Prompt, Session, Verdict
from engine.model.text import Text
from engine.model.values import Value


@dataclass(frozen=True, slots=True)
class Request:
    """Ask a role to decide on a value outside its limit.

    `id` is a UUID derived from the session, so a replay asks once."""

    id: str
    kind: str
    session: Session
    step: str
    label: str
    value: Value
    bounds: Bounds
    roles: tuple[str, ...]
    card: Text
    pictures: tuple[str, ...]
    warn_s: int
    breach_s: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back a request: the worker corrected the value or cancelled the form."""

    deviation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decide:
    """Record a decision; the first one wins. The asker's chat gets the verdict as an Input."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Carry:
    """Carry out the actions of a block of the flow: `save`, then `after`; or those of a decision's
    answer."""

    session: Session
    block: str  # "save" or "answer:<step>:<code>"


@dataclass(frozen=True, slots=True)
class StartJob:
    """Start a job in the background; `id` is derived from the session, so a replay starts once."""

    id: str
    job: str
    arguments: Mapping[str, Value]
    session: str


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Say that nobody waits for a job any more."""

    id: str


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Look at a form again at a moment: a `wait` ends then."""

    session: str
    step: str
    at: datetime


Effect = Request | Withdraw | Decide | Carry | StartJob | CancelJob | WakeAt


@dataclass(frozen=True, slots=True)
class Turn:
    """The result of one Input: the next session, what to show, what to do.

    `toast` answers a press."""

    session: Session
    prompt: Prompt | None
    effects: tuple[Effect, ...] = ()
    toast: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for every holder of the roles and for the people named.

    `key` with the person makes it unique. `can_wait`: whoever has quiet hours then gets it when
    they end."""

    key: str
    text: Text
    roles: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str, str], ...] = ()  # title, act, arg
    pictures: tuple[str, ...] = ()
    deviation: str = ""
    people: tuple[str, ...] = ()
    can_wait: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to render for a record and send to a person, as the forms of a version say."""

    key: str
    document: str
    record: str
    record_id: str
    person: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """One answer that has a limit, as it is kept: name, value, unit, the bounds in force, the
    deviation if outside."""

    name: str
    value: Value
    bounds: Bounds
    deviation: str = ""
    approved: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportWanted:
    """A report to make and send to a person, as the forms of a version say; `arguments` are its
    parameters."""

    key: str
    report: str
    arguments: Mapping[str, Value]
    person: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """Another flow to open for the actor, with its parameters."""

    flow: str
    given: Mapping[str, Value]
