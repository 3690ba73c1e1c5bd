"""Give somebody a piece of work."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import ACTOR, Action, Planned, Planning, crew_of, receivers, record_of
from engine.expressions.written import Duration, Expression, Template
from engine.model.values import Row
from engine.model.work import Receivers, TaskWanted


class TaskAction(Action):
    """Create a task. `- task: analyse_raw` with `for: lab`, `about: batch`, and what it opens: a
    `flow:` (its parameters stand under `with:`) or `buttons:` that do transitions of the record."""

    kind: ClassVar[str] = "task"

    task: str = Field(description="Kind of the task; one open task of a kind for a record.")
    for_: str | tuple[str, ...] = Field(
        alias="for", description="Roles, crew(…), actor, or fields that are a person."
    )
    about: Expression = Field(description="The record it is about.")
    title: Template = Field(default="", description="Its line in «Мои задачи».")
    flow: str = Field(default="", description="The flow that it opens.")
    with_: dict[str, Expression] = Field(
        default={}, alias="with", description="Parameter of the flow to expression."
    )
    buttons: tuple[str, ...] = Field(default=(), description="Transitions of the record.")
    text: Template = Field(default="", description="The text of its card.")
    warn: Duration | None = Field(
        default=None, description="After this time the same people are reminded."
    )
    breach: Duration | None = Field(default=None, description="After this time others are told.")
    level: int = Field(
        default=0,
        ge=0,
        le=2,
        description="At which level it begins: 1 as one that was reminded of, 2 as one past its "
        "breach.",
    )

    @property
    def receivers(self) -> tuple[str, ...]:
        """Whose work it is, as written."""
        return receivers(self.for_)

    @property
    def people(self) -> tuple[str, ...]:
        """Those of the receivers that are expressions of a person."""
        return tuple(one for one in self.receivers if "." in one)

    def expressions(self) -> tuple[str, ...]:
        """Return the record, the people, the parameters."""
        return (self.about, *self.people, *self.with_.values())

    def templates(self) -> tuple[str, ...]:
        """Return the title and the text."""
        return tuple(text for text in (self.title, self.text) if text)

    def plan(self, planning: Planning) -> Planned:
        """Evaluate the record and find who gets the task."""
        named = [one for one in self.receivers if one not in (ACTOR, *self.people)]
        roles = [role for one in named for role in _roles(planning, one, crew_of(one))]
        people = [planning.evaluate(text) for text in self.people]
        found = [one.id for one in people if isinstance(one, Row)]
        if ACTOR in self.receivers:
            found.append(planning.actor.id)
        record = record_of(planning, self.about, f"task {self.task}")
        text = planning.render(self.text)
        return TaskWanted(
            self.task,
            record.kind,
            record.id,
            str(planning.render(self.title)) or str(text),
            text,
            Receivers(tuple(roles), tuple(found)),
            flow=self.flow,
            given={name: planning.evaluate(text) for name, text in self.with_.items()},
            buttons=tuple((name, name) for name in self.buttons),
            warn_s=self.warn,
            breach_s=self.breach,
            level=self.level,
        )


def _roles(planning: Planning, word: str, crew: str | None) -> tuple[str, ...]:
    return planning.crew(crew) if crew else (word,)
