"""What every action has, and what planning one may look at.

An action of YAML is planned into one of the values of `Planned`; nothing is done here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from engine.expressions.written import Expression, Written
from engine.model.conversation import Actor
from engine.model.effects import Notice, Paper
from engine.model.text import Text
from engine.model.values import Row, Value


@dataclass(frozen=True, slots=True)
class Planning:
    """What an action may look at: expressions and texts over the answers and earlier results, who
    acts, a unique key."""

    evaluate: Callable[[str], Value]
    render: Callable[[str], Text]
    actor: Actor
    key: str


@dataclass(frozen=True, slots=True)
class RunOperation:
    """Run an operation with these parameters and keep its result under a name."""

    operation: str
    parameters: Mapping[str, Value]
    result: str = ""


@dataclass(frozen=True, slots=True)
class FireTransition:
    """Do a transition of a record; the record read afresh replaces the name it stood under."""

    transition: str
    record: Row
    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the actor."""

    text: Text


Planned = RunOperation | FireTransition | Reply | Notice | Paper


class Action(Written):
    """One thing to do. The first key is its kind."""

    kind: ClassVar[str] = ""

    when: Expression | None = Field(default=None, description="Done only when this holds.")

    def expressions(self) -> tuple[str, ...]:
        """Return every expression that planning may ask for."""
        return ()

    def templates(self) -> tuple[str, ...]:
        """Return every text that planning may ask for."""
        return ()

    def plan(self, planning: Planning) -> Planned:
        """Say, as data, what is to be done."""
        raise NotImplementedError(self.kind)
