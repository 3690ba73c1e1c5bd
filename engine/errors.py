"""The three ways a thing goes wrong, on one screen.

A `Finding` is a mistake of the author of a YAML file: data with a place. A `Refusal` is a mistake
of a worker: a text in his language. An `EngineError` is our own bug and the only one that is raised
for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.languages.message import Message


def say(template: str, /, **values: object) -> str:
    """Make a Message of a template and values; the template is what translators see.

    >>> say("нет ключа «{key}»", key="promt")
    'нет ключа «promt»'
    """
    return Message(
        template,
        {name: item if isinstance(item, str) else str(item) for name, item in values.items()},
    )


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a value is written: path relative to the project's root, 1-based line and column, its
    width in columns."""

    path: str
    line: int = 1
    column: int = 1
    width: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Edit:
    """A certain remedy: at this line and column (both from 1) of a file, `old` becomes `new`."""

    line: int
    column: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A mistake in YAML: its place, its code (F101…), what is wrong, the way out, what it would
    have caused, and how to mend it where that is certain. Texts with holes are made by `say`."""

    place: Place
    code: str
    message: str
    hint: str = ""
    consequence: str = ""
    fix: Edit | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an input was not taken: a template of text with named values, and the step to ask again
    (empty: the same)."""

    text: str  # Russian; the values may be messages too
    values: Mapping[str, str] = field(default_factory=dict)
    again: str = ""

    @property
    def said(self) -> Message:
        """The text with its values, to be said in the language of the worker."""
        if isinstance(self.text, Message):
            return self.text.with_values({**self.text.values, **self.values})
        return Message(self.text, self.values)

    def __str__(self) -> str:
        return str.__str__(self.said)


class EngineError(Exception):
    """Our bug or a broken set-up: never a worker's or an author's mistake."""


class Clash(EngineError):
    """Raised where two transactions waited for each other and this one was rolled back: nobody's
    mistake, and no reason to leave anything behind. Whoever began the transaction does it anew."""


class Refused(Exception):
    """Raised inside a saving transaction by an operation that refuses; the transaction rolls
    back."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
