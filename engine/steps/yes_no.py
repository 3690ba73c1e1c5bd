"""Ask yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Truth, Type
from engine.expressions.written import Title
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.values import Value
from engine.steps.base import Outcome, Step, Taken, View, in_rows, is_title

YES, NO = Message("Да"), Message("Нет")
_WORDS: dict[str, bool] = {YES: True, NO: False}  # understood whatever the buttons say


class YesNoStep(Step):
    """Ask yes or no. `- yes_no: washed` stores true or false under `washed`."""

    kind: ClassVar[str] = "yes_no"
    expects: ClassVar[str] = Message("«Да» или «Нет» кнопкой")

    yes: Title = Field(
        default=Message("Да"), min_length=1, max_length=40, description="Button of true."
    )
    no: Title = Field(
        default=Message("Нет"), min_length=1, max_length=40, description="Button of false."
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a truth value."""
        return Truth()

    def keyboard(self, view: View) -> Keyboard:
        """Return both buttons, in one row when they are short."""
        buttons = [Button(self.yes, "option", "yes"), Button(self.no, "option", "no")]
        return in_rows(buttons, view.say)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether it is a truth value."""
        del view
        return isinstance(value, bool)

    def read(self, given: Input, view: View) -> Outcome:
        """Take a press or the typed title of a button."""
        if given.kind is Kind.PRESS and given.act == "option" and given.arg in ("yes", "no"):
            return Taken(given.arg == "yes")
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        for title, value in ((self.yes, True), (self.no, False), *_WORDS.items()):
            if is_title(title, given.said, view.say):
                return Taken(value)
        return Refusal("Ответьте кнопкой: «{yes}» или «{no}»", {"yes": self.yes, "no": self.no})
