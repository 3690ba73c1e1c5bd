"""What questions with bounds and ready answers share. No kind of step."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.written import Expression, Title
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.values import Value
from engine.steps.base import Step, View, in_rows

UNKNOWN = Refusal("Сейчас не узнать, какие значения можно. Попробуйте ещё раз")


class BoundedStep(Step):
    """A question with a range and with buttons of ready answers."""

    range: tuple[Expression, Expression] | None = Field(
        default=None,
        description="Least and greatest answer, as expressions; outside is a typing error and "
        "refused.",
    )
    buttons: dict[Title, Expression] = Field(
        default={},
        description="Ready answers: title to expression; one whose value is not given is not "
        "shown.",
    )

    def expressions(self) -> tuple[str, ...]:
        """Return bounds and ready answers."""
        return (*(self.range or ()), *self.buttons.values())

    def keyboard(self, view: View) -> Keyboard:
        """Return ready answers whose value is given."""
        given = [title for title, text in self.buttons.items() if view.evaluate(text) is not None]
        return in_rows([Button(title, "ready", title) for title in given], view.say)

    def ready(self, given: Input, view: View) -> Value:
        """Return the value of the pressed button; None of anything else."""
        if given.kind is Kind.PRESS and given.act == "ready" and given.arg in self.buttons:
            return exact(view.evaluate(self.buttons[given.arg]))
        return None

    def bounds(self, view: View) -> tuple[Value, Value] | None:
        """Return the range now; None when there is none."""
        if self.range is None:
            return None
        least, most = (exact(view.evaluate(bound)) for bound in self.range)
        return least, most


def exact(value: Value) -> Value:
    """Return a whole number of a fact as the Decimal that answers are."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if is_whole else value  # type: ignore[arg-type]
