"""A conversation as values: what came in, what stands, what is shown next.

Nothing here knows Telegram: a chat is a number, a message is a Prompt, a press is an act with an
argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.languages.catalogue import Say
from engine.model.files import FileRef
from engine.model.quick import quick
from engine.model.text import Text
from engine.model.values import Value


@quick
@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts: id of his row, full name, roles held now, language."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    language: str = "ru"


class Kind(StrEnum):
    """What kind of thing came in."""

    TEXT = "text"
    PRESS = "press"
    FILES = "files"
    UNFIT = "unfit"  # a file that was refused before it could be stored; `text` says why
    OTHER = "other"  # sticker, voice, location…; `text` names it in Russian
    DECISION = "decision"  # from the system: a deviation was decided
    SHOW = "show"  # show the present question again
    JOB = "job"  # from the system: the job `arg` ended
    FREE = "free"  # from the system: something changed; a `wait` looks again
    CLOCK = "clock"  # from the system: a time that a `wait` ends at has come


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision on a deviation: its id, the answer's code, the comment, who decided."""

    deviation: str
    answer: str
    comment: str
    decider: str


@dataclass(frozen=True, slots=True)
class Signal:
    """What the system brings into a chat: the kind of the Input, and the job or session it is
    about."""

    kind: str  # job | free | clock
    subject: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Input:
    """What happened, without Telegram. Make one with the class methods."""

    kind: Kind
    said: str = ""
    act: str = ""
    arg: str = ""
    sent: tuple[FileRef, ...] = ()
    album: str = ""
    verdict: Verdict | None = None

    @classmethod
    def text(cls, said: str) -> Input:
        """A worker typed something."""
        return cls(Kind.TEXT, said=said)

    @classmethod
    def press(cls, act: str, arg: str = "") -> Input:
        """A worker pressed a button of the present prompt."""
        return cls(Kind.PRESS, act=act, arg=arg)

    @classmethod
    def files(cls, *sent: FileRef, album: str = "") -> Input:
        """A worker sent pictures or files; `album` is the id of the group they came in."""
        return cls(Kind.FILES, sent=sent, album=album)

    @classmethod
    def unfit(cls, why: str) -> Input:
        """A worker sent a file that could not be taken; `why` is a text for him."""
        return cls(Kind.UNFIT, said=why)

    @classmethod
    def other(cls, what: str) -> Input:
        """A worker sent something that no question asks for: «стикер», «голосовое сообщение»."""
        return cls(Kind.OTHER, said=what)

    @classmethod
    def decided(cls, verdict: Verdict) -> Input:
        """The system brings the decision that a parked form waits for."""
        return cls(Kind.DECISION, verdict=verdict)

    @classmethod
    def job(cls, identity: str) -> Input:
        """The system tells that a job ended, well or not."""
        return cls(Kind.JOB, arg=identity)

    @classmethod
    def of(cls, signal: Signal) -> Input:
        """The system brings a signal. Raises ValueError for a kind that is none."""
        return cls(Kind(signal.kind), arg=signal.subject)

    @classmethod
    def free(cls) -> Input:
        """The system tells that a place was freed or a record changed."""
        return cls(Kind.FREE)

    @classmethod
    def clock(cls) -> Input:
        """The system tells that the time of a `wait` may be up."""
        return cls(Kind.CLOCK)

    @classmethod
    def show(cls) -> Input:
        """Show the present question again; changes nothing."""
        return cls(Kind.SHOW)


@quick
@dataclass(frozen=True, slots=True)
class Button:
    """A button: its title and what pressing it means.

    Titles are cut to 40 characters by the screen (`engine.model.labels`)."""

    title: str
    act: str
    arg: str = ""

    def said(self, say: Say) -> Button:
        """Return the button in a reader's language."""
        return replace(self, title=say(self.title))


Keyboard = tuple[tuple[Button, ...], ...]


@quick
@dataclass(frozen=True, slots=True)
class Prompt:
    """What to show next: a text, rows of buttons, pictures by object key."""

    text: Text
    keyboard: Keyboard = ()
    media: tuple[str, ...] = ()

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons in reading order; a press names one by its index here."""
        return tuple(button for row in self.keyboard for button in row)

    def said(self, say: Say) -> Prompt:
        """Return the prompt in a reader's language."""
        keyboard = tuple(tuple(button.said(say) for button in row) for row in self.keyboard)
        return Prompt(self.text.said(say), keyboard, self.media)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limit that was in force: bounds (None: open), unit, version of the row, source text, its
    name."""

    name: str
    least: Value = None
    most: Value = None
    unit: str = ""
    version: int = 0
    source: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Answer:
    """A value taken. None is "not given". `bounds` is the limit it was measured against,
    `deviation` the id of the request when it was outside, `approved` whether that was accepted.

    `preset` was given by a button of the row, not by a question; `confirmed` came after «Точно?»;
    `reason` and `evidence` are what the worker gave with it; `job` is the job that it started,
    `arguments` what that job was given; `depended` is what it was given for (`depends_on:`)."""

    value: Value
    bounds: Bounds | None = None
    deviation: str = ""
    approved: bool = False
    preset: bool = False
    confirmed: bool = False
    reason: str = ""
    evidence: tuple[FileRef, ...] = ()
    job: str = ""
    arguments: Mapping[str, Value] = field(default_factory=dict)
    depended: Mapping[str, Value] = field(default_factory=dict)


class State(StrEnum):
    """Where a session stands."""

    TALKING = "talking"
    PARKED = "parked"
    SAVED = "saved"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def live(self) -> bool:
        """Tell whether the session can go on."""
        return self in (State.TALKING, State.PARKED)


@dataclass(frozen=True, slots=True)
class Album:
    """The group of pictures whose first one answered `step`; later ones of it join that answer."""

    group: str
    step: str


@quick
@dataclass(frozen=True, slots=True)
class Session:
    """One worker's place in one flow, with its answers. Immutable: a turn makes the next one.

    `step`, `trail` and the keys of `answers` are addresses: a field's name, `items.2.kg` in a row,
    `docs.weight` in a called flow. `trail` holds the questions really asked before the present
    one, for «Назад». `editing` is set when the present question was opened from the review. `look`
    is what the present question remembers between its own turns (page, search, a typed name to
    confirm, pictures so far). `redo` are questions to be asked again although they have answers,
    `changed` the answers changed since the last review."""

    id: UUID
    flow: str
    digest: str
    actor: Actor
    step: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    given: Mapping[str, Value] = field(default_factory=dict)
    trail: tuple[str, ...] = ()
    editing: bool = False
    look: Mapping[str, Value] = field(default_factory=dict)
    state: State = State.TALKING
    waiting: str = ""  # id of the deviation that parks it
    asked: int = 0  # deviations requested so far: part of the next one's id
    album: Album | None = None
    result: str = ""  # what the worker read when it ended
    redo: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """What a chat shows: a name of `engine.run.screens` and its argument. "question" shows the top
    session's step."""

    name: str = "menu"
    arg: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the last session of a chat ended, so that a second tap on its button is answered with the
    result."""

    turn: int
    state: State
    at: str
    text: str


@quick
@dataclass(frozen=True, slots=True)
class Seen:
    """The prompt of a turn is on a chat's screen, as this message."""

    chat: int
    turn: int
    message: int


@quick
@dataclass(frozen=True, slots=True)
class Chat:
    """One chat: its secret token, the turn of the prompt it shows, that prompt's buttons, and the
    stack of live sessions; when it was touched last, and what is held until its owner says that
    he goes on.

    The last session is on top and talks. Callback data is `token.turn.index`; nothing of it can be
    forged usefully: the token is random, the turn must be the present one, the index must exist."""

    id: int
    token: str
    turn: int = 0
    screen: Screen = Screen()
    buttons: tuple[Button, ...] = ()
    sessions: tuple[Session, ...] = ()
    ended: Ended | None = None
    answered_at: str = ""
    touched: datetime | None = None
    held: Input | None = None

    @property
    def top(self) -> Session | None:
        """The session that is talking, if any."""
        return self.sessions[-1] if self.sessions else None
