"""Ask to choose one of fixed options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Type
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.values import Option, Value
from engine.steps.base import Outcome, Taken, View, in_rows
from engine.steps.options import OptionsStep, Other


class ChoiceStep(OptionsStep):
    """Ask to choose. `- choice: condition` stores the code of the option under `condition`."""

    kind: ClassVar[str] = "choice"
    expects: ClassVar[str] = Message("одна из кнопок")

    other: Other | None = Field(default=None, description="A typed answer is taken too.")

    @property
    def unit(self) -> str:
        """The unit of a number that may be typed."""
        return self.other.number.unit if self.other and self.other.number else ""

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a choice of the option codes, with the type of what may be typed."""
        return self.type(self.other.type if self.other else None)

    def expressions(self) -> tuple[str, ...]:
        """Return the conditions of options and the bounds of a typed number."""
        return (*super().expressions(), *(self.other.expressions() if self.other else ()))

    def keyboard(self, view: View) -> Keyboard:
        """Return the options that are offered now, two in a row when they are short."""
        offered = self.offered(view).items()
        return in_rows([Button(form.title, "option", code) for code, form in offered], view.say)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether the option is still offered, or a typed answer is still taken."""
        if not isinstance(value, Option):
            return False
        if value.typed:
            return self.other is not None and self.other.stands(value, view)
        return value.code in self.offered(view)

    def read(self, given: Input, view: View) -> Outcome:
        """Take a pressed option, its typed title, or a typed other answer."""
        if given.kind is Kind.PRESS and given.act == "option" and given.arg in self.options:
            if given.arg in self.offered(view):
                return self._taken(given.arg)
            return Refusal("Этот вариант сейчас не подходит. Выберите другой")
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        said = given.said.strip()
        code = self.chosen(said, view)
        if code is not None:
            return self._taken(code)
        if self.other is None:
            return self.unknown(said, view)
        typed = self.other.read(said, view, self.example)
        return typed if isinstance(typed, Refusal) else Taken(typed)

    def _taken(self, code: str) -> Taken:
        form = self.options[code]
        return Taken(Option(code, form.title), form.again)
