"""The plant's time, moved by hand: the whole process believes it until the clock is put away.

Everything that asks for the time is moved at once (timers, books, messages, numbers of batches), so
that no part of the plant can live on another day than the others. Durations that are really
measured (`time.monotonic`) go on as they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import TracebackType

import time_machine

from crm.bridge.program import program


class PlantClock:
    """The Clock port and its hand. A context manager: leaving it brings the real time back.

    `ticking`: it also goes on by itself, as what waits for a moment to come needs it to."""

    def __init__(self, start: datetime, *, ticking: bool = False) -> None:
        self._zone = program().zone
        self._at, self._ticking = start.astimezone(UTC), ticking
        self._travel = time_machine.travel(self._at, tick=ticking)

    def __enter__(self) -> PlantClock:
        self._hand = self._travel.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._travel.stop()

    def now(self) -> datetime:
        """Return the present moment in the plant's zone."""
        return self._now().astimezone(self._zone)

    def _now(self) -> datetime:
        return datetime.now(UTC) if self._ticking else self._at

    def move_to(self, moment: datetime) -> None:
        """Make it a moment; one that has passed changes nothing."""
        moment = moment.astimezone(UTC)
        if moment > self._now():
            self._at = moment
            self._hand.move_to(moment, tick=self._ticking)

    def move(self, by: timedelta) -> None:
        """Let a time pass."""
        self.move_to(self._now() + by)
