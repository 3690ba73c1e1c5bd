"""The types of expressions, and their notation in the Vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.errors import say


@dataclass(frozen=True, slots=True)
class Type:
    """Base of all types."""


@dataclass(frozen=True, slots=True)
class Number(Type):
    """An exact decimal number in a unit; an empty unit is a plain number."""

    unit: str = ""


@dataclass(frozen=True, slots=True)
class Integer(Number):
    """A whole number without a unit."""


@dataclass(frozen=True, slots=True)
class Text(Type):
    """A text."""


@dataclass(frozen=True, slots=True)
class Role(Text):
    """The code of a role, as a text: one that is written out must be a role of the project."""


@dataclass(frozen=True, slots=True)
class Truth(Type):
    """True or false."""


@dataclass(frozen=True, slots=True)
class Date(Type):
    """A calendar date."""


@dataclass(frozen=True, slots=True)
class Moment(Type):
    """A date with time."""


@dataclass(frozen=True, slots=True)
class DayTime(Type):
    """A time of day."""


@dataclass(frozen=True, slots=True)
class Duration(Type):
    """A length of time."""


@dataclass(frozen=True, slots=True)
class Choice(Type):
    """One of the codes of a choice. Where an answer may be typed instead, `field.typed` is that
    answer and `typed` its type; None where it may not."""

    options: tuple[str, ...] = ()
    typed: Type | None = None


@dataclass(frozen=True, slots=True)
class Record(Type):
    """A record of a kind, with the fields that the Vocabulary gives it.

    `items[]` is a row of the repeat `items`, `docs()` the result of the called flow `docs`: they
    have the fields that the form fills, and fit any record that asks for no others."""

    kind: str = ""

    @property
    def is_filled(self) -> bool:
        """Tell whether a form fills it: a row of a repeat, the result of a called flow."""
        return self.kind.endswith(("[]", "()"))


@dataclass(frozen=True, slots=True)
class Files(Type):
    """Pictures and files."""


@dataclass(frozen=True, slots=True)
class Person(Type):
    """A person."""


@dataclass(frozen=True, slots=True)
class ListOf(Type):
    """Several values of one type."""

    item: Type = Type()


@dataclass(frozen=True, slots=True)
class Optional(Type):
    """A value that may be not given."""

    item: Type = Type()


@dataclass(frozen=True, slots=True)
class Opaque(Type):
    """A whole that is only passed on: `answers`, `measurements`."""

    name: str = ""


TYPED = "typed"  # the attribute of a choice that is the answer typed instead of chosen
_SIMPLE: dict[str, Type] = {
    "number": Number(),
    "integer": Integer(),
    "text": Text(),
    "role": Role(),
    "bool": Truth(),
    "date": Date(),
    "datetime": Moment(),
    "time": DayTime(),
    "duration": Duration(),
    "files": Files(),
    "person": Person(),
    "answers": Opaque("answers"),
    "measurements": Opaque("measurements"),
}
_NAMES = {kind: name for name, kind in _SIMPLE.items()}
_UNIT = re.compile(r"number +([^\s?(),]+)")
_WORD = re.compile(r"[a-z][a-z0-9_]*")


@lru_cache(maxsize=4096)
def read_type(notation_: str) -> Type:
    """Read a type. Raises ValueError that says what is not a type.

    >>> read_type("number kg?")
    Optional(item=Number(unit='kg'))
    >>> read_type("choice(chilled, frozen)")
    Choice(options=('chilled', 'frozen'), typed=None)
    """
    text = notation_.strip()
    if text.endswith("?"):
        item = read_type(text[:-1])
        if isinstance(item, Optional):
            raise ValueError(f"one «?» too many in «{notation_}»")
        return Optional(item)
    if text in _SIMPLE:
        return _SIMPLE[text]
    if text.startswith("list of "):
        return ListOf(read_type(text.removeprefix("list of ")))
    unit = _UNIT.fullmatch(text)
    if unit:
        return Number(unit[1])
    if text.startswith("choice(") and text.endswith(")"):
        options = tuple(part.strip() for part in text[7:-1].split(","))
        if not all(_WORD.fullmatch(option) for option in options):
            raise ValueError(f"the options of «{notation_}» are not lower-case words")
        if len(set(options)) < len(options):
            raise ValueError(f"an option stands twice in «{notation_}»")
        return Choice(options)
    if _WORD.fullmatch(text):
        return Record(text)
    raise ValueError(f"unknown type «{notation_}»")


def notation(kind: Type) -> str:
    """Write a type as the Vocabulary does.

    >>> notation(Optional(Number("kg")))
    'number kg?'
    """
    match kind:
        case Optional(item):
            return notation(item) + "?"
        case Choice(options):
            return f"choice({', '.join(options)})"
        case ListOf(item):
            return f"list of {notation(item)}"
        case Record(name) | Opaque(name):
            return name
        case Number(unit) if unit:
            return f"number {unit}"
        case _:
            return _NAMES.get(kind, "?")


def bare(kind: Type) -> Type:
    """Return a type without "may be not given"."""
    return kind.item if isinstance(kind, Optional) else kind


TITLES: dict[type[Type], str] = {
    Integer: "целое число",
    Number: "число",
    Text: "текст",
    Role: "роль",
    Truth: "да или нет",
    Date: "дата",
    Moment: "дата и время",
    DayTime: "время дня",
    Duration: "длительность",
    Choice: "выбор",
    Record: "запись",
    Files: "фото",
    Person: "человек",
    ListOf: "список",
    Opaque: "все ответы",
}


def title(kind: Type) -> str:
    """Name a type for people.

    >>> title(Optional(Number("kg")))
    'число, kg (может быть не задано)'
    """
    plain = bare(kind)
    name = TITLES.get(type(plain), "значение")
    if isinstance(plain, Number) and plain.unit:
        name = say("{name}, {unit}", name=name, unit=plain.unit)
    if isinstance(plain, Record) and plain.is_filled:
        name = say("строка «{kind}»", kind=plain.kind.rstrip("[]()"))
    elif isinstance(plain, Record):
        name = say("{name} {kind}", name=name, kind=plain.kind)
    elif isinstance(plain, ListOf) and type(plain.item) is not Type:
        name = say("список: {item}", item=title(plain.item))
    elif isinstance(plain, Choice) and plain.typed is not None:
        name = "выбор или свой ответ"
    return say("{name} (может быть не задано)", name=name) if isinstance(kind, Optional) else name
