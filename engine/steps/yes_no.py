"""Ask yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.errors import Refusal
from engine.expressions.types import Truth, Type
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.values import Value
from engine.steps.base import Outcome, Step, Taken, View, is_title

_WORDS = {"yes": Message("Да"), "no": Message("Нет")}


class YesNoStep(Step):
    """Ask yes or no. `- yes_no: washed` stores true or false under `washed`."""

    kind: ClassVar[str] = "yes_no"
    expects: ClassVar[str] = Message("«Да» или «Нет»")

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a truth value."""
        return Truth()

    def keyboard(self, view: View) -> Keyboard:
        """Return «Да» and «Нет» in one row."""
        return (tuple(Button(title, "option", code) for code, title in _WORDS.items()),)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether it is a truth value."""
        del view
        return isinstance(value, bool)

    def read(self, given: Input, view: View) -> Outcome:
        """Take a press or the typed word."""
        if given.kind is Kind.PRESS and given.act == "option" and given.arg in _WORDS:
            return Taken(given.arg == "yes")
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        for code, title in _WORDS.items():
            if is_title(title, given.said, view):
                return Taken(code == "yes")
        return Refusal("Ответьте «Да» или «Нет» кнопкой")
