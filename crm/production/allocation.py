"""How an order is divided over its mixes (domain 7.4). Pure: the message to a crew and the
write-off ask the same function, so that what was said is what is taken. Start at `shares`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from crm.production.grams import GRAM, NOTHING
from engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Component:
    """One line of an order in kilograms: what is planned and what its mixes have taken. Lines of
    one `pool` are one component, drawn in the order in which they stand."""

    line: int
    pool: str
    planned: Decimal
    used: Decimal = NOTHING

    @property
    def left(self) -> Decimal:
        """What the mixes that are still to come share among them."""
        return max(self.planned - self.used, NOTHING)


def shares(components: Iterable[Component], mixes: int) -> dict[int, Decimal]:
    """Return what the next mix takes of each line, in kilograms; lines of which it takes nothing
    are absent. `mixes` is how many are neither cancelled nor discharged, this one included.

    A mix takes remaining / mixes in whole grams, the last one all that remains, so that all mixes
    together take the plan to the gram. Raises EngineError without any mix.

    >>> shares([Component(1, "a", Decimal(100))], 3)
    {1: Decimal('33.333')}
    >>> shares([Component(1, "rework", Decimal(30), Decimal(20)),
    ...         Component(2, "rework", Decimal(30))], 2)
    {1: Decimal('10.000'), 2: Decimal('10.000')}
    """
    if mixes < 1:
        raise EngineError("an order without mixes is shared by nobody")
    pools: dict[str, list[Component]] = {}
    for one in components:
        pools.setdefault(one.pool, []).append(one)
    found: dict[int, Decimal] = {}
    for lines in pools.values():
        wanted = _share(sum((line.left for line in lines), NOTHING), mixes)
        for line in lines:
            part = min(line.left, wanted)
            if part > 0:
                found[line.line] = part.quantize(GRAM)
            wanted -= part
    return found


def _share(remaining: Decimal, mixes: int) -> Decimal:
    if mixes == 1:
        return remaining
    return (remaining / mixes).quantize(GRAM, ROUND_FLOOR)
