"""The texts of a plant: which there are, and how each is known to translators.

A text is a value of a field marked `TEXT` in its schema. Its context, the msgctxt of a translation,
is where it stands: «raw_intake:weight:prompt», «raw_intake:condition:options.chilled»,
«raw_intake:after.0.text», «lifecycle/mix:states.queued.title». Start at `Texts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel

from engine.expressions.written import TEXT
from engine.languages.message import Message, has_words
from engine.steps.base import Step

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text stands: the thing of YAML, the step in it, the keys below."""

    thing: str
    steps: str = ""
    keys: str = ""

    def key(self, name: str | int) -> Spot:
        """Return the spot below a key."""
        return Spot(self.thing, self.steps, f"{self.keys}.{name}" if self.keys else str(name))

    def step(self, name: str) -> Spot:
        """Return the spot of a step; one inside a group or a row stands under it."""
        return Spot(self.thing, f"{self.steps}.{name}" if self.steps else name)

    def __str__(self) -> str:
        return ":".join(part for part in (self.thing, self.steps, self.keys) if part)


@dataclass(frozen=True, slots=True)
class Texts:
    """Makes the texts of schema objects messages that know their place, and keeps what it met."""

    met: list[Message] = field(default_factory=list)

    def form(self, form: Form, spot: Spot) -> Form:
        """Return an object whose texts are messages. What is not written in YAML, a default, is a
        text of the program and stays as it is."""
        texts = _texts(type(form))
        changed: dict[str, Any] = {}
        for name, info in type(form).model_fields.items():
            if name not in form.model_fields_set:
                continue
            value = getattr(form, name)
            new = self._value(value, spot.key(info.alias or name), text=name in texts)
            if new is not value:
                changed[name] = new
        return form.model_copy(update=changed) if changed else form

    def each(self, forms: Mapping[str, Form], kind: str = "") -> dict[str, Form]:
        """Return objects by name; `kind` stands before the name in their contexts."""
        return {name: self.form(form, Spot(f"{kind}{name}")) for name, form in forms.items()}

    def _value(self, value: Any, spot: Spot, *, text: bool) -> Any:
        match value:
            case str():
                return self._named(value, spot) if text and has_words(value) else value
            case Step():
                return self.form(value, Spot(spot.thing, spot.steps).step(value.name))
            case BaseModel():
                return self.form(value, spot)
            case tuple():
                new = tuple(
                    self._value(item, spot.key(at), text=text) for at, item in enumerate(value)
                )
                return value if _same(value, new) else new
            case dict():
                named = {
                    key: self._value(item, spot.key(key), text=text) for key, item in value.items()
                }
                return value if _same(value.values(), named.values()) else named
            case _:
                return value

    def _named(self, text: str, spot: Spot) -> Message:
        named = Message(text, context=str(spot))
        self.met.append(named)
        return named


def _same(old: Any, new: Any) -> bool:
    return all(one is other for one, other in zip(old, new, strict=True))


@cache
def _texts(form: type[BaseModel]) -> frozenset[str]:
    return frozenset(
        name
        for name, info in form.model_fields.items()
        if TEXT in info.metadata or _marked(info.annotation)
    )


def _marked(annotation: Any) -> bool:
    """Tell whether the mark is anywhere in a type: `dict[str, Title]`, a union of forms."""
    return annotation is TEXT or any(_marked(part) for part in get_args(annotation))
