"""Ports that have nothing: what a set-up without background work, suggestions or records uses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.errors import EngineError
from engine.model.values import Row, Value


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands: running, done or failed; its result when done; when it was started."""

    status: str
    result: Row | None
    started_at: datetime


class NoSuggestions:
    """Suggests nothing."""

    def last(self, person: str, flow: str, field: str, count: int) -> tuple[Value, ...]:
        """Return nothing."""
        del person, flow, field, count
        return ()


class NoJobs:
    """Knows no job."""

    def state(self, job: str) -> JobState | None:
        """Return nothing."""
        del job
        return None


class NoCodes:
    """Reads no code."""

    def read(self, key: str) -> tuple[str, ...]:
        """Return nothing."""
        del key
        return ()


class NoRecords:
    """Knows no record."""

    def get(self, kind: str, identity: str) -> Row | None:
        """Return nothing."""
        del kind, identity
        return None

    def ahead(
        self, chosen: Collection[tuple[str, str]], limits: Collection[str], at: datetime
    ) -> None:
        """Read nothing."""


class NoWork(NoJobs):
    """Takes no job."""

    def start(
        self, job: str, identity: str, arguments: Mapping[str, Value], session: str, chat: int
    ) -> None:
        """Refuse. Raises EngineError: this set-up has no background work."""
        del identity, arguments, session, chat
        raise EngineError(f"no background work here: {job}")

    def cancel(self, identity: str) -> None:
        """Do nothing."""
        del identity


NO_SUGGESTIONS, NO_JOBS, NO_RECORDS, NO_WORK = NoSuggestions(), NoJobs(), NoRecords(), NoWork()
NO_CODES = NoCodes()
