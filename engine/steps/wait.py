"""Wait for something that happens without the worker, with a way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, model_validator

from engine.errors import Refusal
from engine.expressions.types import Choice, Type
from engine.expressions.written import Duration, Expression, Title
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.values import Option
from engine.steps.base import Outcome, Step, Taken, View

TITLES = {
    "finished": Message("дождались"),
    "failed": Message("не получилось"),
    "left": Message("не ждали"),
    "timeout": Message("время вышло"),
}


class WaitStep(Step):
    """Wait for a job or a condition. `- wait: vet_wait` with `for: found_documents`; the field
    tells how it ended: finished, failed, left or timeout.

    It ends by itself. `leave` is the way out; anything else that the worker sends is answered with
    the prompt again. After `left`, `failed` and `timeout` the job's field stays unset."""

    kind: ClassVar[str] = "wait"
    expects: ClassVar[str] = Message("подождать или нажать кнопку")

    for_: str = Field(
        default="", alias="for", description="The field of a job that an earlier step starts."
    )
    until: Expression | None = Field(default=None, description="Or: until this holds.")
    at_most: Duration = Field(
        default=0, description="No longer than this, from the start of the job (or of the wait)."
    )
    leave: Title = Field(default="", max_length=40, description="Button out; none when empty.")
    refresh: Title = Field(default="", max_length=40, description="Button that looks again.")

    @model_validator(mode="after")
    def _sound(self) -> WaitStep:
        if bool(self.for_) is bool(self.until):
            raise ValueError("нужно одно из двух: «for:» с полем задания или «until:» с условием")
        return self

    def result(self, records: Mapping[str, str]) -> Type:
        """Return how it ended."""
        return Choice(tuple(TITLES))

    def expressions(self) -> tuple[str, ...]:
        """Return the condition."""
        return (self.until,) if self.until else ()

    def keyboard(self, view: View) -> Keyboard:
        """Return the button that looks again and the button out."""
        del view
        buttons = ((self.refresh, "refresh"), (self.leave, "leave"))
        return tuple((Button(title, act),) for title, act in buttons if title)

    def read(self, given: Input, view: View) -> Outcome:
        """Take the way out; anything else is answered with the prompt."""
        del view
        if given.kind is Kind.PRESS and given.act == "leave" and self.leave:
            return Taken(ended("left"))
        if self.leave:
            return Refusal("Подождите или нажмите «{leave}»", {"leave": self.leave})
        return Refusal("Подождите")


def ended(how: str) -> Option:
    """Return the value of a wait that ended so."""
    return Option(how, TITLES[how])
