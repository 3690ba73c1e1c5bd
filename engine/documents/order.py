"""When two values are equal, and which comes first: as people read lists."""

from __future__ import annotations

from typing import Any

from engine.model.values import Option, Row, Value


def key(value: Value) -> Any:
    """Return what two values are equal by: the code of an option or a record, else itself."""
    return (value.code or value.title) if isinstance(value, Option | Row) else value


def compare(one: Value, other: Value, *, desc: bool = False) -> int:
    """Order two values of a type: below zero, zero or above. What is not given comes last, also
    where the greatest comes first."""
    if one is None or other is None:
        return (one is None) - (other is None)
    left, right = _rank(one), _rank(other)
    order = bool(left > right) - bool(left < right)
    return -order if desc else order


def _rank(value: Any) -> Any:
    """Return what a value is ordered by: texts and titles without regard to case."""
    if isinstance(value, Option | Row):
        value = value.title
    return value.casefold().replace("ё", "е") if isinstance(value, str) else value
