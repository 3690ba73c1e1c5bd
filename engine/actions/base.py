"""What every action has, and what planning one may look at.

An action of YAML is planned into one of the values of `Planned`; nothing is done here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import Field, model_validator

from engine.errors import EngineError
from engine.expressions.written import Expression, Template, Written
from engine.model.conversation import Actor, Bounds
from engine.model.effects import Measured, Notice, Open, Paper, ReportWanted
from engine.model.text import Text
from engine.model.values import Row, Value
from engine.model.work import TaskWanted

ACTOR = "actor"  # who does it, as a receiver


@dataclass(frozen=True, slots=True)
class Planning:
    """What an action may look at: expressions and texts over the answers and earlier results, who
    acts, a unique key; the roles of a crew and the bounds of a limit, where there are any; how a
    flow with parameters is written as the argument of a button."""

    evaluate: Callable[[str], Value]
    render: Callable[[str], Text]
    actor: Actor
    key: str
    crew: Callable[[str], tuple[str, ...]] = lambda name: ()
    bounds: Callable[[str], Bounds | None] = lambda limit: None
    argument: Callable[[str, Mapping[str, Value]], str] = lambda flow, given: flow


@dataclass(frozen=True, slots=True)
class RunOperation:
    """Run an operation with these parameters and keep its result under a name."""

    operation: str
    parameters: Mapping[str, Value]
    result: str = ""


@dataclass(frozen=True, slots=True)
class FireTransition:
    """Do a transition of a record; the record read afresh replaces the name it stood under.

    `given` are values for the transition's `set:` and `do:`."""

    transition: str
    record: Row
    name: str
    reason: str = ""
    given: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the actor; the buttons are titles with what they open or fire."""

    text: Text
    buttons: tuple[tuple[str, str, str], ...] = ()  # title, act, arg


Planned = (
    RunOperation
    | FireTransition
    | Reply
    | Notice
    | Paper
    | Open
    | TaskWanted
    | ReportWanted
    | Measured
)


class ActionButton(Written):
    """A button of a message: it opens a flow or does a transition of a record."""

    title: Template = Field(min_length=1, description="Title of the button.")
    flow: str = Field(default="", description="The flow that it opens.")
    with_: dict[str, Expression] = Field(
        default={}, alias="with", description="Parameter of the flow to expression."
    )
    fire: str = Field(default="", description="Or: the transition that it does.")
    on: Expression | None = Field(default=None, description="The record of the transition.")

    @model_validator(mode="after")
    def _sound(self) -> ActionButton:
        if bool(self.flow) is bool(self.fire):
            raise ValueError("у кнопки нужно одно из двух: «flow:» или «fire:»")
        if bool(self.fire) is not bool(self.on):
            raise ValueError("«fire:» и «on:» пишутся вместе")
        return self

    def expressions(self) -> tuple[str, ...]:
        """Return the parameters and the record."""
        return (*self.with_.values(), *((self.on,) if self.on else ()))

    def plan(self, planning: Planning) -> tuple[str, str, str]:
        """Return title, act and argument. Raises EngineError when there is no record."""
        title = planning.render(self.title).message
        if self.fire:
            assert self.on is not None
            record = record_of(planning, self.on, f"button {self.fire}")
            return title, "fire", f"{record.kind}:{record.id}:{self.fire}"
        given = {name: planning.evaluate(text) for name, text in self.with_.items()}
        return title, "flow", planning.argument(self.flow, given)


def record_of(planning: Planning, text: str, what: str) -> Row:
    """Evaluate a record. Raises EngineError when it is none: the checker refuses such a flow."""
    record = planning.evaluate(text)
    if not isinstance(record, Row):
        raise EngineError(f"{what}: «{text}» is not a record")
    return record


def receivers(words: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return receivers as a list, however they were written."""
    return (words,) if isinstance(words, str) else words


_CREW = re.compile(r"crew\(\s*([a-z][a-z0-9_]*)\s*\)")


def crew_of(word: str) -> str | None:
    """Return the crew that a receiver names, `crew(mixer)`; None for anything else."""
    match = _CREW.fullmatch(word.strip())
    return match[1] if match else None


class Action(Written):
    """One thing to do. The first key is its kind."""

    kind: ClassVar[str] = ""
    keyed: ClassVar[bool] = False  # what is planned of it is told from its repetition by the key

    when: Expression | None = Field(default=None, description="Done only when this holds.")
    each: dict[str, Expression] = Field(
        default={},
        max_length=1,
        description="{name: list}: done once for each member, which has that name.",
    )

    def expressions(self) -> tuple[str, ...]:
        """Return every expression that planning may ask for."""
        return ()

    def templates(self) -> tuple[str, ...]:
        """Return every text that planning may ask for."""
        return ()

    def plan(self, planning: Planning) -> Planned:
        """Say, as data, what is to be done."""
        raise NotImplementedError(self.kind)
