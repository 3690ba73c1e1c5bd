"""Limits: which line of a limit holds for these arguments, and whether a value is inside it.

Any error while evaluating a limit counts as outside, never as a pass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.errors import EngineError
from engine.expressions.compile import compile_expression
from engine.model.conversation import Bounds
from engine.model.values import Value
from engine.schema.limits import Limit
from engine.steps.bounds import exact

_CALL = re.compile(r"\s*([a-z_][a-z0-9_]*)\s*\(\s*(.*?)\s*\)\s*")


@dataclass(frozen=True, slots=True)
class LimitCall:
    """A limit as a step names it: `receiving_temperature(condition)`, parameter to expression."""

    limit: str
    arguments: Mapping[str, str]


def read_call(text: str, limits: Mapping[str, Limit]) -> LimitCall:
    """Read a limit with its arguments, in the order of `given:`. Raises EngineError when it does
    not fit."""
    match = _CALL.fullmatch(text)
    name = match[1] if match else text.strip()
    arguments = [part.strip() for part in match[2].split(",") if part.strip()] if match else []
    if name not in limits or len(arguments) != len(limits[name].given):
        raise EngineError(f"broken limit «{text}»")
    return LimitCall(name, dict(zip(limits[name].given, arguments, strict=True)))


def first_bounds(
    limit: Limit, name: str, arguments: Mapping[str, Value], version: int = 1
) -> Bounds:
    """Return the bounds of the first line whose condition holds. Raises EngineError when none
    does."""
    for line in limit.values:
        if line.when is None or compile_expression(line.when)(arguments):
            return Bounds(name, line.min, line.max, limit.unit, version, limit.source)
    raise EngineError(f"limit {name} has no line for {dict(arguments)}")


def outside_everything(name: str) -> Bounds:
    """Return bounds that no value meets: what stands for a limit that could not be evaluated.

    Its version is 0; the versions of real limits begin at 1."""
    return Bounds(name, version=0)


def inside(value: Value, bounds: Bounds) -> bool:
    """Tell whether a number, also a whole one of a fact or a job, is within its bounds, both
    inclusive."""
    value = exact(value)
    if not isinstance(value, Decimal) or bounds.version == 0:
        return False
    least, most = bounds.least, bounds.most
    return not (isinstance(least, Decimal) and value < least) and not (
        isinstance(most, Decimal) and value > most
    )
