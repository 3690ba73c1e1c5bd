"""What a turn wants done, as data.

`engine.run.perform` does it through the ports, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


Effect = Request | Withdraw | Decide | Carry


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
    """A message for one person, or for every holder of a role.

    `key` with the person makes it unique."""

    key: str
    text: Text
    roles: tuple[str, ...] = ()
    person: str = ""
    buttons: tuple[tuple[str, str, str], ...] = ()  # title, act, arg
    pictures: tuple[str, ...] = ()
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to render for a record and send to a person."""

    key: str
    document: str
    record: str
    record_id: str
    person: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One answer that has a limit, as it is kept: name, value, unit, the bounds in force, the
    deviation if outside."""

    name: str
    value: Value
    bounds: Bounds
    deviation: str = ""
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder or escalation whose time has come."""

    deviation: str
    level: int
    at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
