"""How large a run of the tests is, and from which seed it draws: `SCALE` and `SEED`, read once.

`SCALE` is a number of times (1: the run of every change) or `full`: as `make soak` runs it. Then
eight processes fight a thousand rounds of each kind and do as many operations of the ledger and the
plant as `FULL_MINUTES` hold, at most `FULL_ACTS`. `ROUNDS`, `N` and `DAYS` say other numbers,
whatever the scale."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

FULL = "full"
FULL_TIMES = 4
ROUNDS, FULL_ROUNDS = 40, 1_000
ACTS, FULL_ACTS = 800, 200_000  # of the ledger, by eight processes; of the plant a tenth
FULL_MINUTES = 30
INPUTS, FULL_INPUTS = 2_000, 100_000  # that are fuzzed, of each kind
EVERY_STATEMENT = 8  # at scale 1, one statement of a save in so many kills a real process
DAYS, FULL_DAYS = 3, 30
DEFAULT_SEED = 20261124


@dataclass(frozen=True, slots=True)
class Sizes:
    """`times` multiplies what is drawn at random; `full` leaves nothing out that can be listed."""

    times: int
    full: bool
    seed: int
    asked: int | None = None  # rounds
    lived: int | None = None  # days

    def examples(self, count: int) -> int:
        """Return how many examples to draw where a run of scale 1 draws `count`."""
        return count * self.times

    @property
    def inputs(self) -> int:
        """How many inputs of each kind are fuzzed."""
        return FULL_INPUTS if self.full else INPUTS * self.times

    @property
    def days(self) -> int:
        """How many days a plant has lived through before the browser looks at it."""
        return self.lived or (FULL_DAYS if self.full else min(self.times, DAYS))

    @property
    def rounds(self) -> int:
        """How many rounds of each kind eight processes fight at one barrier."""
        return self.asked or (FULL_ROUNDS if self.full else ROUNDS * self.times)

    @property
    def acts(self) -> int:
        """How many operations of the ledger eight processes do at most, killed again and again."""
        return FULL_ACTS if self.full else ACTS * self.times

    @property
    def statement_step(self) -> int:
        """One statement in so many is killed at by SIGKILL; 1 kills at every one."""
        return 1 if self.full else max(1, EVERY_STATEMENT // self.times)

    def __str__(self) -> str:
        said = {"ROUNDS": self.asked, "DAYS": self.lived}
        asked = "".join(f" {name}={value}" for name, value in said.items() if value)
        return f"SCALE={FULL if self.full else self.times} SEED={self.seed}{asked}"


def sizes(environment: Mapping[str, str] = os.environ) -> Sizes:
    """Read the sizes of this run. Raises ValueError that names the wrong variable."""
    scale = environment.get("SCALE", "1")
    seed = environment.get("SEED", str(DEFAULT_SEED))
    if not (scale == FULL or _is_count(scale)):
        raise ValueError(f"SCALE is a whole number above zero or {FULL}, not {scale!r}")
    if not (seed.isascii() and seed.isdigit()):
        raise ValueError(f"SEED is a whole number, not {seed!r}")
    full = scale == FULL
    rounds, days = (_asked(environment, name) for name in ("ROUNDS", "DAYS"))
    return Sizes(FULL_TIMES if full else int(scale), full, int(seed), rounds, days)


def _asked(environment: Mapping[str, str], name: str) -> int | None:
    """Read a number that is asked for whatever the scale."""
    text = environment.get(name)
    if text is not None and not _is_count(text):
        raise ValueError(f"{name} is a whole number above zero, not {text!r}")
    return int(text) if text else None


def left_out(path: Path, names: Collection[str], asked: Collection[str]) -> bool | None:
    """Tell, as pytest asks, whether a file of those names is left out of a run: of any but the
    full one, unless the file was named by hand."""
    named = sizes().full or any(path.name in one for one in asked)
    return True if path.name in names and not named else None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) > 0
