"""Ask for a date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Date, Type
from engine.expressions.written import Expression, Title
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.values import Value, show
from engine.steps.base import Outcome, Step, Taken, View, shortened

_DATE = re.compile(r"([0-9]{1,2})[.]([0-9]{1,2})(?:[.]([0-9]{4}|[0-9]{2}))?")


def read_date(said: str, today: date) -> date | Refusal:
    """Read ДД.ММ.ГГГГ, ДД.ММ.ГГ or ДД.ММ (this year); refuse what is not in the calendar (domain
    3.16).

    >>> read_date("05.03", date(2026, 11, 24))
    datetime.date(2026, 3, 5)
    """
    match = _DATE.fullmatch(said.strip())
    if match is None:
        return Refusal(
            "Не понял дату «{said}». Напишите так: {example}",
            {"said": shortened(said.strip()), "example": show(today)},
        )
    day, month, year = match.groups()
    full = today.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
    try:
        return date(full, int(month), int(day))
    except ValueError:
        return Refusal("Даты {said} нет в календаре", {"said": said.strip()})


class DateStep(Step):
    """Ask for a date. `- date: manufacture_date` stores it under `manufacture_date`."""

    kind: ClassVar[str] = "date"
    expects: ClassVar[str] = Message("дата, например 24.11.2026")

    range: tuple[Expression, Expression] | None = Field(
        default=None, description="First and last date, as expressions."
    )
    buttons: dict[Title, Expression] = Field(
        default={}, description="Ready answers: title to expression."
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a date."""
        return Date()

    def expressions(self) -> tuple[str, ...]:
        """Return bounds and ready answers."""
        return (*(self.range or ()), *self.buttons.values())

    def keyboard(self, view: View) -> Keyboard:
        """Return ready dates in one row."""
        row = tuple(Button(title, "ready", title) for title in self.buttons)
        return (row,) if row else ()

    def read(self, given: Input, view: View) -> Outcome:
        """Take a typed date or a ready one inside the range."""
        if given.kind is Kind.PRESS and given.act == "ready" and given.arg in self.buttons:
            day = view.evaluate(self.buttons[given.arg])
        elif given.kind is Kind.TEXT:
            day = read_date(given.said, view.reads.clock.now().date())
        else:
            return self.wrong(given)
        if isinstance(day, Refusal):
            return day
        if not isinstance(day, date):
            return self.wrong(given)
        return self._ranged(day, view) or Taken(day)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether a date is still inside its range."""
        return isinstance(value, date) and self._ranged(value, view) is None

    def _ranged(self, day: date, view: View) -> Refusal | None:
        if self.range is None:
            return None
        first, last = (view.evaluate(bound) for bound in self.range)
        if (isinstance(first, date) and day < first) or (isinstance(last, date) and day > last):
            return Refusal(
                "Нужна дата от {first} до {last}", {"first": show(first), "last": show(last)}
            )
        return None
