"""What an expression costs beside the same written as a lambda of Python, over the same values.

Start at `measure`; both sides of a pair run by turns in one process, medians are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from time import thread_time
from timeit import Timer
from typing import Any

from engine.expressions.compile import Compiled, compile_expression
from engine.model.values import Option, Row

ROUNDS, RUNS = 9, 20_000

MIX = Row("mix", "m1", "1", {"share": Decimal("12.5"), "line": Decimal(1)})
ITEMS = tuple(Row("item", str(at), "", {"kg": Decimal(at) / 4}) for at in range(1, 9))
ENV: Mapping[str, Any] = {
    "weight": Decimal("18.500"),
    "docs": Decimal("18.250"),
    "unset": None,
    "difference": Decimal("1.37"),
    "body_temp": Decimal("-8.5"),
    "condition": Option("frozen", "Замороженное"),
    "washed": True,
    "mix": MIX,
    "items": ITEMS,
    "fat": Decimal("11.20"),
    "protein": Decimal("17.05"),
    "moisture": Decimal("70.40"),
}
_5, _8, _92, _100, _101 = (Decimal(text) for text in ("0.5", "-8", "92.00", "100", "101.00"))
_TENTH = Decimal("0.1")

Peer = Callable[[Mapping[str, Any]], Any]
PAIRS: tuple[tuple[str, Peer], ...] = (
    (
        "abs(weight - docs) / docs * 100",
        lambda e: abs(e["weight"] - e["docs"]) / e["docs"] * _100,
    ),
    (
        "abs(weight - docs) / docs * 100 > 0.5 and condition == frozen",
        lambda e: (
            abs(e["weight"] - e["docs"]) / e["docs"] * _100 > _5 and e["condition"].code == "frozen"
        ),
    ),
    ("difference > 0.5", lambda e: e["difference"] > _5),
    (
        "92.00 <= fat + protein + moisture <= 101.00",
        lambda e: _92 <= e["fat"] + e["protein"] + e["moisture"] <= _101,
    ),
    (
        "condition in (chilled, frozen) and body_temp > -8",
        lambda e: e["condition"].code in ("chilled", "frozen") and e["body_temp"] > _8,
    ),
    ("is_set(unset) and unset > 5", lambda e: e["unset"] is not None and e["unset"] > _5),
    (
        "docs if is_set(docs) else weight",
        lambda e: e["docs"] if e["docs"] is not None else e["weight"],
    ),
    (
        "washed and mix.line == 1 and weight * mix.share / 100 > 1",
        lambda e: (
            e["washed"]
            and e["mix"].fields["line"] == 1
            and e["weight"] * e["mix"].fields["share"] / _100 > 1
        ),
    ),
    ("sum(items.kg)", lambda e: sum((item.fields["kg"] for item in e["items"]), Decimal(0))),
    (
        "round(weight / docs * 100, 1)",
        lambda e: (e["weight"] / e["docs"] * _100).quantize(_TENTH, ROUND_HALF_UP),
    ),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """One expression: nanoseconds an evaluation, ours and the lambda's."""

    text: str
    ours_ns: float
    theirs_ns: float

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the lambda."""
        return self.ours_ns / self.theirs_ns


def measure(rounds: int = ROUNDS, runs: int = RUNS) -> tuple[Cost, ...]:
    """Return the cost of every pair: the median of interleaved rounds of `runs` evaluations."""
    return tuple(_cost(text, compile_expression(text), peer, rounds, runs) for text, peer in PAIRS)


def overall(costs: tuple[Cost, ...]) -> float:
    """Return what all of them cost together as a multiple of the lambdas."""
    return sum(one.ours_ns for one in costs) / sum(one.theirs_ns for one in costs)


def _cost(text: str, ours: Compiled, theirs: Peer, rounds: int, runs: int) -> Cost:
    # Time of this thread alone: the machine does other things too.
    timers = [
        Timer("call(env)", timer=thread_time, globals={"call": call, "env": ENV})
        for call in (ours, theirs)
    ]
    laps: list[list[float]] = [[], []]
    for _ in range(rounds):
        for timer, lap in zip(timers, laps, strict=True):
            lap.append(timer.timeit(runs))
    one, two = (median(lap) / runs * 1e9 for lap in laps)
    return Cost(text, one, two)
