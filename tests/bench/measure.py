"""Rounds: every contender takes the same forms, one after another in an order drawn anew."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from crm.care.garbage import settle
from tests.bench.ours import Ours, polling
from tests.bench.theirs import PEERS, Theirs
from tests.bench.way import Contender, Lap, walk

CONTENDERS: Mapping[str, Callable[[], Contender]] = {
    Ours.name: Ours,
    **{name: partial(Theirs, name) for name in PEERS},
}
KINDS = ("press", "text", "photo")


@dataclass(frozen=True, slots=True)
class Round:
    """What one contender did in one round: milliseconds a turn by the clock, of the processor in
    all threads, by the clock for each kind of input; API calls a form; answers that were saved."""

    ms: float
    cpu_ms: float
    by_kind: Mapping[str, float]
    calls: float
    saved: tuple[Mapping[str, str], ...]


Rounds = Mapping[str, Sequence[Round]]


async def measure(rounds: int, forms: int, seed: int) -> Rounds:
    """Measure every contender; each begins each round as a new bot that has talked to nobody."""
    order, chance = list(CONTENDERS), random.Random(seed)
    for make in CONTENDERS.values():  # what a process does once is not a turn's cost
        await walk(make())
    settle()  # as a bot does that has loaded everything; peers gain by it too
    kept: dict[str, list[Round]] = {name: [] for name in order}
    for _ in range(rounds):
        bots = {name: CONTENDERS[name]() for name in order}
        laps: dict[str, list[Lap]] = {name: [] for name in order}
        async with AsyncExitStack() as stack:
            for bot in bots.values():
                if isinstance(bot, Ours):
                    await stack.enter_async_context(polling(bot.talker))
            for _ in range(forms):
                chance.shuffle(order)
                for name in order:
                    gc.collect()
                    laps[name] += await walk(bots[name])
        for name, bot in bots.items():
            kept[name].append(_round(bot, laps[name], forms))
    return kept


def _round(bot: Contender, laps: Sequence[Lap], forms: int) -> Round:
    return Round(
        _mean_ms([lap.seconds for lap in laps]),
        _mean_ms([lap.cpu_seconds for lap in laps]),
        {kind: _mean_ms([lap.seconds for lap in laps if lap.kind == kind]) for kind in KINDS},
        sum(bot.session.calls.values()) / forms,
        tuple(bot.saved()),
    )


def _mean_ms(seconds: Sequence[float]) -> float:
    return 1000 * sum(seconds) / len(seconds)


def of_kind(kind: str) -> Callable[[Round], float]:
    """Return what gives milliseconds a turn of one kind of input."""
    return lambda one: one.by_kind[kind]
