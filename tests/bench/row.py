"""A row of the bench as data: what is measured, what stands beside it, what it shall be, and what
was found. Standard library only: the runner reads every row before anything heavy is imported."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

YARDSTICK = "the yardstick"  # what a row without a peer is compared with: `laps.yardstick`
TIMES = {"ms": 1.0, "s": 1000.0}  # units that are time, in milliseconds
COUNTED = ("statements", "queries", "calls", "found", "lots", "lost")  # the same on every machine


class Of(StrEnum):
    """What a goal speaks of."""

    VALUE = "value"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound of goals: `most` or `least` of our value, or of ours to the peer's."""

    most: float | None = None
    least: float | None = None
    of: Of = Of.VALUE

    def times_over(self, value: float) -> float:
        """Return how many times worse than the goal a value is: at most 1 meets it."""
        if self.most is not None:
            return value / self.most if self.most else math.inf if value else 0.0
        assert self.least is not None
        return self.least / value if value else math.inf

    def __str__(self) -> str:
        bound = f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"
        return f"{bound} ×" if self.of is Of.RATIO else bound


def at_most(bound: float, of: Of = Of.VALUE) -> Goal:
    """Return the goal of a value that shall be small."""
    return Goal(most=bound, of=of)


def at_least(bound: float, of: Of = Of.VALUE) -> Goal:
    """Return the goal of a value that shall be large."""
    return Goal(least=bound, of=of)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is measured. `series` and `size` put rows of one kind on one curve."""

    name: str
    what: str
    unit: str = "ms"
    peer: str = ""
    goal: Goal | None = None
    series: str = ""
    size: int = 0

    @property
    def counted(self) -> bool:
        """Tell whether it is a count, which no load of the machine moves."""
        return self.unit in COUNTED


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured of a row: our laps in its unit and those of the peer, taken by turns; the
    milliseconds of the processor in both; the most memory held, where the row asks."""

    row: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...] = ()
    cpu_ms: tuple[float, ...] = ()
    their_cpu_ms: tuple[float, ...] = ()
    peak_mb: float = 0.0
    note: str = ""

    @property
    def value(self) -> float:
        """Our median."""
        return median(self.ours)

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours to the peer's in each round, by the clock; none without a peer."""
        return _paired(self.ours, self.theirs)

    @property
    def cpu_ratios(self) -> tuple[float, ...]:
        """The same by the processor's time, which others on the machine move less."""
        return _paired(self.cpu_ms, self.their_cpu_ms)

    @property
    def ratio(self) -> float | None:
        """Ours to the peer's: the median of the rounds, by the processor where both used it."""
        ratios = self.cpu_ratios or self.ratios
        return median(ratios) if ratios else None

    def of(self, goal: Goal) -> float | None:
        """Return what a goal speaks of; None when it was not measured."""
        return self.ratio if goal.of is Of.RATIO else self.value


def _paired(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    if len(ours) != len(theirs) or not all(theirs):
        return ()
    return tuple(one / other for one, other in zip(ours, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: `quick` for a look, full for a verdict."""

    quick: bool
    seed: int = 1

    def of(self, quick: int, full: int) -> int:
        """Return one of two numbers."""
        return quick if self.quick else full

    @property
    def rounds(self) -> int:
        """Medians are of so many rounds."""
        return self.of(5, 7)


class Place(StrEnum):
    """What a group needs around its process."""

    NOTHING = "nothing"
    SQLITE = "SQLite"  # a migrated file
    POSTGRES = "PostgreSQL"  # a migrated database of a server with fsync
    SQLITE_YEARS = "SQLite, years"  # of a plant, as `books` makes them
    POSTGRES_YEARS = "PostgreSQL, years"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that one process measures."""

    name: str
    rows: tuple[Row, ...]
    measure: Callable[[Size], Iterator[Found]]
    place: Place = Place.NOTHING
    quick: bool = True  # a quick run measures it too
