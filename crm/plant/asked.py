"""A question as a worker has it before him: what it asks, its buttons, what he answered so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from random import Random
from typing import Any

from engine.model.address import without_keys
from engine.model.conversation import Button, Session
from engine.model.values import Option, Row, Value
from engine.run.draft import Draft
from engine.run.walk import Stop

BACK = 12  # times that somebody goes back in one form before he gives it up
CHILLED = "chilled"  # whether the day's plan has a delivery of chilled meat, in the same memory
MIXES = "mixes"  # of an order that the day's plan has, in the memory of whoever makes it
Thing = str | Button  # what a worker does: says something, or presses a button of his screen


@dataclass
class Asked:
    """The present question of a session. `memory` is what the worker keeps in mind while he fills
    in this form; `happens` tells whether a fault of a name comes about now."""

    draft: Draft
    buttons: tuple[Button, ...]
    chance: Random
    memory: dict[str, Any]
    now: datetime
    happens: Callable[[str, Random], bool]

    @property
    def session(self) -> Session:
        """The session that asks."""
        return self.draft.session

    @cached_property
    def stop(self) -> Stop:
        """Where the form stands, with all that is in sight there: costs what a turn costs."""
        return self.draft.located(self.session.step)

    @cached_property
    def step(self) -> Any:
        """The step that asks, which needs no walk."""
        place = self.draft.program.node(self.session.flow, self.session.step)
        return place.node.step if place is not None else self.stop.node.step

    @property
    def kind(self) -> str:
        """The kind of the question."""
        return str(self.step.kind)

    @property
    def name(self) -> str:
        """The flow and the field: `raw_intake.weight`, `new_blank.items.kg`."""
        return f"{self.session.flow}.{without_keys(self.session.step)}"

    @property
    def own_name(self) -> str:
        """The field by its last name: `weight`."""
        return str(self.step.name)

    @cached_property
    def view(self) -> Any:
        """What the step itself may look at."""
        return self.draft.view(self.stop)

    @cached_property
    def range(self) -> tuple[float, float]:
        """The least and greatest number that the question takes."""
        measure = self.step.measure(self.view)
        least, most = measure.range or (measure.unit.least, measure.unit.most)
        return float(least or 0), float(most if most is not None else 1000)

    @property
    def decimals(self) -> int:
        """Digits after the comma that the question takes."""
        return int(self.step.measure(self.view).decimals)

    def value(self, name: str) -> Value:
        """Return a field in sight, or what the form was opened with; None when not given."""
        found = self.stop.env.get(name)
        return found if found is not None else self.session.given.get(name)

    def row(self, *names: str) -> Row | None:
        """Return the first of the fields that is a record."""
        return next((one for name in names if isinstance(one := self.value(name), Row)), None)

    def code(self, name: str) -> str:
        """Return the code of a choice in sight."""
        value = self.value(name)
        return value.code if isinstance(value, Option | Row) else ""

    def act(self, *acts: str) -> Button | None:
        """Return the first button with one of the acts."""
        return next((one for act in acts for one in self.buttons if one.act == act), None)

    def options(self) -> tuple[Button, ...]:
        """Return the buttons that answer the question and led nowhere so far."""
        return self.fruitful("option")

    def fruitful(self, act: str) -> tuple[Button, ...]:
        """Return the buttons of an act but those after which there was nothing to choose from."""
        barren = self.memory.get("barren", ())
        return tuple(
            one for one in self.buttons if one.act == act and (self.name, one.title) not in barren
        )

    def chose(self, thing: Thing) -> None:
        """Remember which button was pressed here."""
        if isinstance(thing, Button):
            self.memory.setdefault("chosen here", {})[self.session.step] = thing.title

    def goes_back(self) -> bool:
        """Note that there is nothing to choose from here; False when that happened too often."""
        self.memory["came back"] = True
        self.memory["backs"] = self.memory.get("backs", 0) + 1
        return bool(self.memory["backs"] <= BACK)

    def came_back(self) -> None:
        """Note that what was pressed here led nowhere, when one comes back from there; where
        something was typed, nothing else would lead further."""
        if self.memory.pop("came back", False):
            title = self.memory.get("chosen here", {}).get(self.session.step)
            if title is None:
                self.memory["backs"] = BACK
            self.memory.setdefault("barren", set()).add((self.name, title))

    def option(self, *codes: str) -> Button | None:
        """Return the button of the first code that is offered."""
        return next((one for code in codes for one in self.options() if one.arg == code), None)

    def titled(self, *parts: str) -> Button | None:
        """Return the first option whose title begins with one of the words."""
        return next(
            (one for part in parts for one in self.options() if str(one.title).startswith(part)),
            None,
        )

    def ready(self, at: int = 0) -> Button | None:
        """Return a ready answer by its place."""
        found = [one for one in self.buttons if one.act == "ready"]
        return found[at] if at < len(found) else None

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what the worker has in mind for this form, made up at the first need."""
        if name not in self.memory:
            self.memory[name] = make()
        return self.memory[name]
