"""One second of processor for whatever is tried. Start at `Bounded`."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn, TypeVar

from hypothesis import HealthCheck, Phase, settings

from tests.sizes import sizes

# What is found is kept as an example in test_found.py; explaining it costs minutes.
FUZZ = settings(
    max_examples=sizes().inputs,
    phases=(Phase.generate, Phase.shrink),
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
MOST_SECONDS = 1.0  # of processor: a busy machine is no failure
Made = TypeVar("Made")


class TooSlow(Exception):
    """Something took more than it may."""


@dataclass
class Bounded:
    """Runs tries, each within its second, and counts them."""

    name: str
    count: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict)

    def __call__(self, run: Callable[[], Made]) -> Made:
        """Run one try. Raises TooSlow."""
        with within():
            began = time.process_time()
            try:
                return run()
            finally:
                took = time.process_time() - began
                self.count += 1
                self.seconds += took
                self.slowest = max(self.slowest, took)

    def saw(self, outcome: str) -> None:
        """Count how a try ended."""
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def __str__(self) -> str:
        rate = self.count / self.seconds if self.seconds else 0
        ends = ", ".join(f"{name} {count}" for name, count in sorted(self.outcomes.items()))
        return (
            f"fuzz {self.name}: {self.count} inputs, {rate:.0f} a second of processor,"
            f" slowest {self.slowest:.2f} s ({ends})"
        )


@contextmanager
def within(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Stop what is done inside after some seconds of processor. Raises TooSlow.

    Garbage is not collected meanwhile: the heap of a hundred thousand earlier tries takes its
    second by itself, and what is raised inside a collection is lost."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise TooSlow(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    gc.disable()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        gc.enable()
