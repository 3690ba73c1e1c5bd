"""Which types fit, compare and compute with each other. Units are types: kilograms do not compare
with degrees; a plain number written out takes any unit."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType

from engine.expressions.types import (
    Choice,
    Date,
    DayTime,
    Duration,
    Integer,
    ListOf,
    Moment,
    Number,
    Optional,
    Record,
    Text,
    Type,
    bare,
)

SHARE = "%"  # a share of a hundred: as good as a plain number
ORDERED = (Number, Date, Moment, DayTime, Duration)


Records = Mapping[str, Mapping[str, Type]]


def fits(found: Type, wanted: Type, records: Records = MappingProxyType({})) -> bool:
    """Tell whether a value of one type may stand where another is wanted.

    What a form fills fits a record whose every field it has, but for those that may be not
    given; `records` are the fields of both."""
    if type(wanted) is Type:
        return True  # anything will do
    if isinstance(wanted, Optional):
        return fits(bare(found), wanted.item, records)
    if isinstance(found, Optional):
        return False
    if isinstance(wanted, Number) and isinstance(found, Number):
        whole = not isinstance(wanted, Integer) or isinstance(found, Integer)
        return whole and (found.unit == wanted.unit or "" in (found.unit, wanted.unit))
    if isinstance(wanted, Choice) and isinstance(found, Choice):
        typed = found.typed is not None and found.typed != wanted.typed
        return set(found.options) <= set(wanted.options) and not typed
    if isinstance(wanted, ListOf) and isinstance(found, ListOf):
        return fits(found.item, wanted.item, records)
    if isinstance(wanted, Text):
        return isinstance(found, Text | Choice)
    if isinstance(wanted, Record) and isinstance(found, Record) and found.kind == "?":
        return True  # its fields could not be read, which is a finding of its own
    if isinstance(wanted, Record) and isinstance(found, Record) and found.is_filled:
        own = records.get(found.kind, {})
        return wanted.kind in records and all(
            fits(own[name], kind, records) if name in own else isinstance(kind, Optional)
            for name, kind in records[wanted.kind].items()
        )
    return found == wanted


def joined(one: Type, other: Type, *, written: tuple[bool, bool] = (False, False)) -> Type | None:
    """Return the type of a value that is one or the other, or None when they have nothing in
    common. `written` tells which of the two is a number written out."""
    if isinstance(one, Optional) or isinstance(other, Optional):
        both = joined(bare(one), bare(other), written=written)
        return None if both is None else Optional(both)
    if isinstance(one, Number) and isinstance(other, Number):
        return _one_unit(one, other, written)
    if isinstance(one, Choice) and isinstance(other, Choice):
        typed = one.typed or other.typed
        return Choice(tuple(dict.fromkeys((*one.options, *other.options))), typed)
    if isinstance(one, Text | Choice) and isinstance(other, Text | Choice):
        return Text()
    return one if one == other else None


def comparable(one: Type, other: Type, *, written: tuple[bool, bool]) -> bool:
    """Tell whether two values may be asked to be equal."""
    one, other = bare(one), bare(other)
    if isinstance(one, Choice) and isinstance(other, Choice):
        return bool(set(one.options) & set(other.options)) or not (one.options and other.options)
    if isinstance(one, Record) and isinstance(other, Record) and "?" in (one.kind, other.kind):
        return True
    return joined(one, other, written=written) is not None


def _one_unit(one: Number, other: Number, written: tuple[bool, bool]) -> Number | None:
    if one.unit == other.unit:
        whole = isinstance(one, Integer) and isinstance(other, Integer)
        return Integer() if whole else Number(one.unit)
    plain_one = one.unit == "" and (written[0] or other.unit == SHARE)
    plain_other = other.unit == "" and (written[1] or one.unit == SHARE)
    return Number(one.unit or other.unit) if plain_one or plain_other else None


def computed(
    left: Type, op: ast.operator, right: Type, *, written: tuple[bool, bool]
) -> Type | None:
    """Return the type of a computation, or None when it makes no sense."""
    numbers = isinstance(left, Number) and isinstance(right, Number)
    match op:
        case ast.Add():
            return _added(left, right) or (
                joined(left, right, written=written) if numbers else None
            )
        case ast.Sub():
            return _taken(left, right) or (
                joined(left, right, written=written) if numbers else None
            )
        case ast.Mult():
            return _multiplied(left, right)
        case _:
            return _divided(left, right)


def _added(left: Type, right: Type) -> Type | None:
    if isinstance(left, Date | Moment | Duration) and isinstance(right, Duration):
        return left
    return right if isinstance(left, Duration) and isinstance(right, Date | Moment) else None


def _taken(left: Type, right: Type) -> Type | None:
    if isinstance(left, Date | Moment) and type(left) is type(right):
        return Duration()
    is_time = isinstance(left, Date | Moment | Duration)
    return left if is_time and isinstance(right, Duration) else None


def _multiplied(left: Type, right: Type) -> Type | None:
    if isinstance(right, Duration):
        left, right = right, left
    if isinstance(left, Duration):
        return left if isinstance(right, Number) and right.unit == "" else None
    if not (isinstance(left, Number) and isinstance(right, Number)):
        return None
    if isinstance(left, Integer) and isinstance(right, Integer):
        return Integer()
    if "" in (left.unit, right.unit):
        return Number(left.unit or right.unit)
    if left.unit == SHARE:
        return right
    return left if right.unit == SHARE else None


def _divided(left: Type, right: Type) -> Type | None:
    if isinstance(left, Duration):
        if isinstance(right, Duration):
            return Number()
        return left if isinstance(right, Number) and right.unit == "" else None
    if not (isinstance(left, Number) and isinstance(right, Number)):
        return None
    if left.unit == right.unit:
        return Number()
    return Number(left.unit) if right.unit in ("", SHARE) else None
