"""Ask for a date with a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from engine.errors import Refusal
from engine.expressions.types import Moment, Type
from engine.languages.message import Message
from engine.model.conversation import Input, Kind
from engine.model.values import Value, show
from engine.steps.base import Outcome, Taken, View, shortened
from engine.steps.bounds import UNKNOWN, BoundedStep
from engine.steps.date import read_date
from engine.steps.time import read_time


def read_datetime(said: str, now: datetime) -> datetime | Refusal:
    """Read a date and a time, or a time of today, in the zone of `now`."""
    words = said.split()
    if not 1 <= len(words) <= 2:
        return Refusal(
            "Не понял «{said}». Напишите дату и время так: {example}",
            {"said": shortened(said.strip()), "example": show(now)},
        )
    day = read_date(words[0], now.date()) if len(words) == 2 else now.date()
    at = read_time(words[-1])
    if isinstance(day, Refusal):
        return day
    if isinstance(at, Refusal):
        return at
    return datetime.combine(day, at, now.tzinfo)


class DatetimeStep(BoundedStep):
    """Ask for a date with a time. `- datetime: arrived_at` stores it under `arrived_at`, in the
    plant's zone. Typed as 24.11.2026 07:30, or 07:30 for today."""

    kind: ClassVar[str] = "datetime"
    expects: ClassVar[str] = Message("дата и время, например 24.11.2026 07:30")

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a moment."""
        return Moment()

    def read(self, given: Input, view: View) -> Outcome:
        """Take a typed moment or a ready one inside the range."""
        at = self.ready(given, view)
        if given.kind is Kind.TEXT:
            at = read_datetime(given.said, view.reads.clock.now())
        if isinstance(at, Refusal):
            return at
        if not isinstance(at, datetime):
            return self.wrong(given)
        return self._ranged(at, view) or Taken(at)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether a moment is still inside its range."""
        return isinstance(value, datetime) and self._ranged(value, view) is None

    def _ranged(self, at: datetime, view: View) -> Refusal | None:
        first, last = self.bounds(view) or (at, at)
        if not (isinstance(first, datetime) and isinstance(last, datetime)):
            return UNKNOWN
        if first <= at <= last:
            return None
        return Refusal(
            "Нужны дата и время от {first} до {last}", {"first": show(first), "last": show(last)}
        )
