"""The texts of a plant: which there are, and how each is known to translators.

A text is a value of a field marked `TEXT` in its schema. Its context, the msgctxt of a translation,
is where it stands: «raw_intake:weight:prompt», «raw_intake:condition:options.chilled.title»,
«raw_intake:after.0.text», «lifecycle/mix:states.queued.title», of a button of the menu what it
starts: «menu:raw_intake.title». Start at `Texts`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel

from engine.expressions.written import TEXT
from engine.languages.message import Message, has_words
from engine.steps.base import Step

Form = TypeVar("Form", bound=BaseModel)
REASON = ".reason"  # a key whose expression may be nothing but a text, which rows then keep
LITERAL = re.compile(r"'([^'\\]*[^\x00-\x7f'\\][^'\\]*)'")
HOLDERS = (str, BaseModel, tuple, dict)  # what may be a text or hold one


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text stands: the thing of YAML, the step in it, the keys below."""

    thing: str
    steps: str = ""
    keys: str = ""
    path: tuple[str | int, ...] = ()  # in the data of its file

    def key(self, name: str | int, known: str = "") -> Spot:
        """Return the spot below a key; `known` is what translators know it by instead."""
        last = known or str(name)
        keys = f"{self.keys}.{last}" if self.keys else last
        return Spot(self.thing, self.steps, keys, (*self.path, name))

    def step(self, name: str) -> Spot:
        """Return the spot of a step; one inside a group or a row stands under it."""
        steps = f"{self.steps}.{name}" if self.steps else name
        return Spot(self.thing, steps, "", self.path)

    def __str__(self) -> str:
        return ":".join(part for part in (self.thing, self.steps, self.keys) if part)


@dataclass(frozen=True, slots=True)
class PlantText:
    """A text of a plant, and where it stands in the data of its file."""

    message: Message
    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Makes the texts of schema objects messages that know their place, and keeps what it met."""

    met: list[PlantText] = field(default_factory=list)

    def form(self, form: Form, spot: Spot) -> Form:
        """Return an object whose texts are messages. What is not written in YAML, a default, is a
        text of the program and stays as it is."""
        marks = _marks(type(form))
        changed: dict[str, Any] = {}
        for name, info in type(form).model_fields.items():
            if name not in form.model_fields_set:
                continue
            value = getattr(form, name)
            if not isinstance(value, HOLDERS):
                continue
            new = self._value(value, spot.key(info.alias or name), marks[name])
            if new is not value:
                changed[name] = new
        return form.model_copy(update=changed) if changed else form

    def each(self, forms: Mapping[str, Form], kind: str = "") -> dict[str, Form]:
        """Return objects by name; `kind` stands before the name in their contexts."""
        return {name: self.form(form, Spot(f"{kind}{name}")) for name, form in forms.items()}

    def _value(self, value: Any, spot: Spot, mark: Mark) -> Any:
        match value:
            case str():
                if mark.value and has_words(value):
                    return self._named(value, spot)
                if spot.keys.endswith(REASON) and (said := LITERAL.fullmatch(value)):
                    self._named(said[1], spot)  # for translators; the expression stays one
                return value
            case Step():
                return self.form(value, spot.step(value.name))
            case BaseModel():
                return self.form(value, spot)
            case tuple():
                new = tuple(
                    self._value(item, spot.key(at, getattr(item, "text_key", "")), mark)
                    for at, item in enumerate(value)
                )
                return value if _same(value, new) else new
            case dict():
                named = {
                    self._key(key, spot.key(at), mark): self._value(item, spot.key(key), mark)
                    for at, (key, item) in enumerate(value.items())
                }
                same = _same(value, named) and _same(value.values(), named.values())
                return value if same else named
            case _:
                return value

    def _key(self, key: Any, spot: Spot, mark: Mark) -> Any:
        return self._named(key, spot) if mark.key and has_words(key) else key

    def _named(self, text: str, spot: Spot) -> Message:
        named = Message(text, context=str(spot))
        self.met.append(PlantText(named, spot.path))
        return named


def reasons(form: BaseModel, thing: str) -> Iterator[Message]:
    """Give the reasons that a form of YAML gives itself («замес отменён»), as rows keep them."""
    texts = Texts()
    texts.form(form, Spot(thing))
    yield from (one.message for one in texts.met if one.message.context.endswith(REASON))


def _same(old: Iterable[Any], new: Iterable[Any]) -> bool:
    return all(one is other for one, other in zip(old, new, strict=True))


@dataclass(frozen=True, slots=True)
class Mark:
    """Whether a field holds texts, and whether the keys of its mapping are texts (a button's
    title before what it gives)."""

    value: bool
    key: bool


@cache
def _marks(form: type[BaseModel]) -> Mapping[str, Mark]:
    return {
        name: Mark(TEXT in info.metadata or _valued(info.annotation), _keyed(info.annotation))
        for name, info in form.model_fields.items()
    }


def _valued(annotation: Any) -> bool:
    """Tell whether a text is anywhere in a type: `dict[str, Title]`, a union of forms."""
    parts = get_args(annotation)
    if get_origin(annotation) is dict:
        parts = parts[1:]
    return annotation is TEXT or any(_valued(part) for part in parts)


def _keyed(annotation: Any) -> bool:
    """Tell whether the keys of a mapping are texts: `dict[Title, Expression]`."""
    parts = get_args(annotation)
    if get_origin(annotation) is dict:
        return _valued(parts[0])
    return any(_keyed(part) for part in parts)
