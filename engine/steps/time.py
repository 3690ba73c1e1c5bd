"""Ask for a time of day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import ClassVar

from engine.errors import Refusal
from engine.expressions.types import DayTime, Type
from engine.languages.message import Message
from engine.model.conversation import Input, Kind
from engine.model.values import Value, show
from engine.steps.base import Outcome, Taken, View, shortened
from engine.steps.bounds import UNKNOWN, BoundedStep

_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})")


def read_time(said: str) -> time | Refusal:
    """Read ЧЧ:ММ or ЧЧ.ММ; refuse what no clock shows.

    >>> read_time("7.05")
    datetime.time(7, 5)
    """
    match = _TIME.fullmatch(said.strip())
    if match is None:
        return Refusal(
            "Не понял время «{said}». Напишите так: 07:30", {"said": shortened(said.strip())}
        )
    try:
        return time(int(match[1]), int(match[2]))
    except ValueError:
        return Refusal("Времени {said} не бывает", {"said": said.strip()})


class TimeStep(BoundedStep):
    """Ask for a time of day. `- time: started` stores it under `started`. Typed as 7:30 or 07.30.

    A range that ends before it begins goes over midnight: `["19:00", "07:00"]` is the night."""

    kind: ClassVar[str] = "time"
    expects: ClassVar[str] = Message("время, например 07:30")

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a time of day."""
        return DayTime()

    def read(self, given: Input, view: View) -> Outcome:
        """Take a typed time or a ready one inside the range."""
        at = read_time(given.said) if given.kind is Kind.TEXT else self.ready(given, view)
        if isinstance(at, Refusal):
            return at
        if not isinstance(at, time):
            return self.wrong(given)
        return self._ranged(at, view) or Taken(at)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether a time is still inside its range."""
        return isinstance(value, time) and self._ranged(value, view) is None

    def _ranged(self, at: time, view: View) -> Refusal | None:
        first, last = self.bounds(view) or (at, at)
        if not (isinstance(first, time) and isinstance(last, time)):
            return UNKNOWN
        inside = first <= at <= last if first <= last else at >= first or at <= last
        if inside:
            return None
        return Refusal(
            "Нужно время от {first} до {last}", {"first": show(first), "last": show(last)}
        )
