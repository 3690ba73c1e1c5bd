"""Ask for a date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from engine.errors import Refusal
from engine.expressions.types import Date, Type
from engine.languages.message import Message
from engine.model.conversation import Input, Kind
from engine.model.values import Value, show
from engine.steps.base import Outcome, Taken, View, shortened
from engine.steps.bounds import UNKNOWN, BoundedStep

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


class DateStep(BoundedStep):
    """Ask for a date. `- date: manufacture_date` stores it under `manufacture_date`. Typed as
    24.11.2026, 24.11.26 or 24.11."""

    kind: ClassVar[str] = "date"
    expects: ClassVar[str] = Message("дата, например 24.11.2026")

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a date."""
        return Date()

    def read(self, given: Input, view: View) -> Outcome:
        """Take a typed date or a ready one inside the range."""
        day = self.ready(given, view)
        if given.kind is Kind.TEXT:
            day = read_date(given.said, view.reads.clock.now().date())
        if isinstance(day, Refusal):
            return day
        return (self._ranged(day, view) or Taken(day)) if _is_date(day) else self.wrong(given)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether a date is still inside its range."""
        return _is_date(value) and self._ranged(value, view) is None

    def _ranged(self, day: Value, view: View) -> Refusal | None:
        first, last = self.bounds(view) or (day, day)
        if not (isinstance(day, date) and isinstance(first, date) and isinstance(last, date)):
            return UNKNOWN
        if first <= day <= last:
            return None
        return Refusal(
            "Нужна дата от {first} до {last}", {"first": show(first), "last": show(last)}
        )


def _is_date(value: Value) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
