"""Ask to choose one of fixed options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Choice, Type
from engine.expressions.written import Title, Written
from engine.languages.message import Message, listed
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.values import Option, Value
from engine.steps.base import Outcome, Step, Taken, View, in_rows, is_title, texts_allowed


class Other(Written):
    """A typed answer beside the choices."""

    text: tuple[int, int] = Field(description="Least and most characters of the typed answer.")


class ChoiceStep(Step):
    """Ask to choose. `- choice: condition` stores the code of the option under `condition`."""

    kind: ClassVar[str] = "choice"
    expects: ClassVar[str] = Message("одна из кнопок")

    options: dict[str, Title] = Field(min_length=1, description="Code to shown title.")
    other: Other | None = Field(default=None, description="A typed answer is taken too.")

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a choice of the option codes."""
        return Choice(tuple(self.options))

    def keyboard(self, view: View) -> Keyboard:
        """Return the options, two in a row when they are short."""
        return in_rows(
            [Button(title, "option", code) for code, title in self.options.items()], view.say
        )

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether the option is still offered, or a typed answer is still taken."""
        del view
        if not isinstance(value, Option):
            return False
        return self.other is not None if value.typed else value.code in self.options

    def read(self, given: Input, view: View) -> Outcome:
        """Take a pressed option, its typed title, or a typed other answer."""
        if given.kind is Kind.PRESS and given.act == "option" and given.arg in self.options:
            return Taken(Option(given.arg, self.options[given.arg]))
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        said = given.said.strip()
        for code, title in self.options.items():
            if is_title(title, said, view):
                return Taken(Option(code, title))
        if self.other is not None:
            return texts_allowed(said, *self.other.text) or Taken(Option("", said))
        return Refusal(
            "Выберите одну из кнопок: {options}", {"options": listed(self.options.values())}
        )
