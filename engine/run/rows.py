"""Rows of a repeat as an answer keeps them: which there are, and which button began each.

The answer at the repeat's own address holds `(last key, "1:0", "2:1")`: keys with the number of
their button. A key is never used twice in a session, so an answer never gets into another row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.conversation import Answer
from engine.model.values import Option, Value
from engine.steps.base import Step
from engine.steps.choice import ChoiceStep
from engine.steps.repeat import AddButton, RepeatStep


@dataclass(frozen=True, slots=True)
class Rows:
    """Keys of rows in order, each with the number of the button that began it; `last` is the
    highest key ever used."""

    last: int
    buttons: Mapping[str, int]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in order."""
        return tuple(self.buttons)

    def button(self, key: str, step: RepeatStep) -> AddButton | None:
        """Return the button that began a row; None when the form has it no longer."""
        number = self.buttons[key]
        return step.add[number] if number < len(step.add) else None

    def more(self, button: int) -> Rows:
        """Return these rows and a new one."""
        key = str(self.last + 1)
        return Rows(self.last + 1, {**self.buttons, key: button})

    def less(self, key: str) -> Rows:
        """Return these rows without one."""
        return Rows(self.last, {one: at for one, at in self.buttons.items() if one != key})

    @property
    def value(self) -> Value:
        """What the answer holds."""
        return (self.last, *(f"{key}:{at}" for key, at in self.buttons.items()))


def rows_of(answer: Answer | None) -> Rows | None:
    """Return the rows that an answer holds; None when there is no answer."""
    if answer is None or not isinstance(answer.value, tuple) or not answer.value:
        return None
    last, *pairs = answer.value
    buttons = {}
    for pair in pairs:
        key, _, at = str(pair).partition(":")
        buttons[key] = int(at or 0)
    return Rows(int(str(last)), buttons)


def add_buttons(step: RepeatStep, holds: Callable[[str], bool]) -> list[int]:
    """Return the numbers of the buttons that may begin a row now."""
    return [at for at, one in enumerate(step.add) if one.when is None or holds(one.when)]


def preset(step: Step, text: str, run: Callable[[], Value]) -> Value:
    """Return what a button gives: the option of a choice by its code, else the expression's
    value."""
    if isinstance(step, ChoiceStep):
        option = option_of(step, text.strip())
        return option if option is not None else run()
    return run()


def known_as(step: Step, value: Value) -> Value:
    """Return a value that is known elsewhere as the question itself would store it: a code, or a
    text that may be typed, as the option of a choice."""
    if not isinstance(step, ChoiceStep) or not isinstance(value, str | Option):
        return value
    code = value.code if isinstance(value, Option) else value
    option = option_of(step, code) if code else None
    if option is None and isinstance(value, str) and step.other is not None:
        return Option("", value)
    return option or value


def option_of(step: ChoiceStep, code: str) -> Option | None:
    """Return the option of a choice with this code; None when there is none."""
    form: Any = step.options.get(code)
    if form is None:
        return None
    return Option(code, form if isinstance(form, str) else form.title)
