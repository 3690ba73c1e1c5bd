"""Steps as YAML writes them, and what they look at: fields, facts, a catalogue, codes of photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import EngineError
from engine.expressions.compile import EvaluationError, compile_expression
from engine.model.conversation import Answer, Bounds, Button, Input
from engine.model.files import FileRef
from engine.model.text import Text
from engine.model.values import Option, Row, Value
from engine.ports import Page, Reads
from engine.run.texts import compile_text
from engine.steps.base import Look, Outcome, Step, Taken, UnitForm, View
from engine.steps.registry import KINDS

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=ZoneInfo("Europe/Moscow"))
PLAIN, KG = UnitForm(), UnitForm("kg", 3)
CELSIUS = UnitForm("°C", 1, Decimal(-60), Decimal(40))
COMPANIES = ("Альфа", "Бета", "Бета-2", *(f"Компания {at:02}" for at in range(1, 20)))
ROWS = tuple(
    Row(
        "raw_batch",
        f"b{at}",
        f"2411/{at}",
        {"kg": Decimal(at * 100), "number": f"2411/{at}", "open": at != 3},
    )
    for at in range(1, 13)
)


def step(kind: str, **keys: Any) -> Step:
    """Make a step as YAML does: scalars are texts."""
    data = {key.rstrip("_"): value for key, value in keys.items()}
    return KINDS[kind].model_validate({"name": "field", "prompt": "Вопрос?", **data})


def photo(name: str = "p1", mime: str = "image/jpeg") -> FileRef:
    """Make a file that was sent."""
    return FileRef(f"tmp/{name}", name.ljust(64, "0"), 10, mime, name)


@dataclass
class World:
    """What is outside of the steps; `facts` answer by name, `codes` by the key of a picture."""

    facts: Mapping[str, Value] = field(default_factory=lambda: {"batches": ROWS})
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    titles: tuple[str, ...] = COMPANIES

    def now(self) -> datetime:
        """Return the moment of every test."""
        return NOW

    def ask(self, fact: str, arguments: tuple[Value, ...]) -> Value:
        """Answer a fact."""
        return self.facts[fact]

    def read(self, key: str) -> tuple[str, ...]:
        """Return the codes of a picture."""
        return self.codes.get(key, ())

    def bounds(self, limit: str, arguments: Mapping[str, Value], at: datetime) -> Bounds:
        """Know no limit."""
        raise EngineError(limit)

    def _options(self) -> list[Option]:
        return [Option(f"c{at}", title) for at, title in enumerate(self.titles)]

    def page(self, catalogue: str, query: str, offset: int, count: int) -> Page:
        """Return options whose title contains the query."""
        found = [one for one in self._options() if query.casefold() in one.title.casefold()]
        return Page(tuple(found[offset : offset + count]), len(found))

    def exact(self, catalogue: str, title: str) -> Option | None:
        """Return the option with this title."""
        wanted = title.casefold()
        return next((one for one in self._options() if one.title.casefold() == wanted), None)

    def similar(self, catalogue: str, title: str, count: int) -> tuple[Option, ...]:
        """Return options that begin alike."""
        near = [one for one in self._options() if one.title[:3].casefold() == title[:3].casefold()]
        return tuple(near[:count])

    def get(self, catalogue: str, code: str) -> Option | None:
        """Return the option with this code."""
        return next((one for one in self._options() if one.code == code), None)


@dataclass
class Desk:
    """One question on the screen: what is typed and pressed changes how it looks."""

    step: Step
    env: Mapping[str, Value] = field(default_factory=dict)
    world: World = field(default_factory=World)
    unit: UnitForm = PLAIN
    look: Mapping[str, Value] = field(default_factory=dict)
    current: Value = None

    def view(self) -> View:
        """Return what the step may look at now."""
        world, env = self.world, self.env

        def evaluate(text: str, /, **more: Value) -> Value:
            assert text in self._listed()
            try:
                return compile_expression(text)({**env, **more}, world.ask, NOW)
            except EvaluationError:
                return None

        def render(text: str, /, **more: Value) -> Text:
            assert text in (*self.step.templates(), self.step.unrecognised)
            return compile_text(text, lambda source: None).render({**env, **more})

        answer = None if self.current is None else Answer(self.current)
        reads = Reads(world, world, world, world, codes=world)
        return View(reads, evaluate, self.look, answer, self.unit, env=env, render=render)

    def _listed(self) -> tuple[str, ...]:
        return self.step.expressions()

    def give(self, given: Input) -> Outcome:
        """Give an input; the question looks as it says afterwards."""
        outcome = self.step.read(given, self.view())
        if isinstance(outcome, Look):
            self.look = outcome.look
        return outcome

    def type(self, said: str) -> Outcome:
        """Type a text."""
        return self.give(Input.text(said))

    def press(self, title: str) -> Outcome:
        """Press a button by its title."""
        button = next(one for one in self.buttons() if one.title == title)
        return self.give(Input.press(button.act, button.arg))

    def buttons(self) -> tuple[Button, ...]:
        """Return the buttons in reading order."""
        return tuple(one for row in self.step.keyboard(self.view()) for one in row)

    def titles(self) -> list[str]:
        """Return the titles of the buttons."""
        return [str(one.title) for one in self.buttons()]

    def body(self) -> str:
        """Return the text under the question."""
        return str(self.step.body(self.view()))

    def stands(self, value: Value) -> bool:
        """Tell whether an answer still stands."""
        return self.step.stands(value, self.view())


def taken(outcome: Outcome) -> Value:
    """Return the value that was taken."""
    assert isinstance(outcome, Taken), outcome
    return outcome.value


def refused(outcome: Outcome) -> str:
    """Return what was said against an input."""
    assert not isinstance(outcome, Taken | Look), outcome
    return str(outcome)
