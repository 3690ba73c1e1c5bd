"""The types of the listed functions: what they take, what they return, what is wrong with a call.

One function here a family; each takes the arguments and returns a type or a Mistake."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from engine.errors import say
from engine.expressions.fitting import ORDERED, joined
from engine.expressions.functions import CLOCKS
from engine.expressions.types import (
    Date,
    Duration,
    Files,
    Integer,
    ListOf,
    Moment,
    Number,
    Opaque,
    Optional,
    Text,
    Truth,
    Type,
    bare,
    title,
)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call: the part, its type, whether it is a number written out."""

    part: ast.expr
    type: Type
    written: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an argument; `part` None means the whole call."""

    message: str
    hint: str
    part: ast.expr | None = None


Outcome = Type | Mistake
_MOST = 50
_CLOCK_TYPES: Mapping[str, Type] = {"today": Date(), "now": Moment(), "production_day": Date()}
_NUMBERS = "пример: sum(items.kg) или min(weight, 100)"


def result_of(name: str, arguments: list[Argument]) -> Outcome:
    """Return the type of a call of a listed function, or what is wrong with it.

    An argument that may be not given is allowed only where the function leaves it out."""
    return _FORMS[name](arguments)


def arity(name: str) -> tuple[int, int]:
    """Return the least and the most number of arguments of a listed function."""
    if name in CLOCKS:
        return 0, 0
    if name in ("round", "join"):
        return 1, 2
    return (1, _MOST) if name in LENIENT and name != "join" else (1, 1)


LENIENT = frozenset(
    {"min", "max", "sum", "count", "first", "last", "any", "all", "join", "distinct"}
)


def _wrong(argument: Argument, wanted: str, remedy: str) -> Mistake:
    message = say("здесь нужно: {wanted}, а это: {type}", wanted=wanted, type=title(argument.type))
    return Mistake(message, say("нужно другое значение, {remedy}", remedy=remedy), argument.part)


def _abs(arguments: list[Argument]) -> Outcome:
    kind = arguments[0].type
    if isinstance(kind, Number | Duration):
        return kind
    return _wrong(arguments[0], "число", "пример: abs(weight - docs_weight)")


def _round(arguments: list[Argument]) -> Outcome:
    kind = arguments[0].type
    if not isinstance(kind, Number):
        return _wrong(arguments[0], "число", "пример: round(weight, 1)")
    if len(arguments) == 1:
        return Number(kind.unit) if kind.unit else Integer()
    match arguments[1].part:
        case ast.Constant(value=int() as digits) if 0 <= digits <= 9 and digits is not True:
            return Number(kind.unit)
    message = "здесь нужно число знаков после запятой: от 0 до 9"
    return Mistake(message, "нужно так: round(weight, 1)", arguments[1].part)


def _floor(arguments: list[Argument]) -> Outcome:
    kind = arguments[0].type
    if not isinstance(kind, Number):
        return _wrong(arguments[0], "число", "пример: floor(weight / 20)")
    return Number(kind.unit) if kind.unit else Integer()


def _len(arguments: list[Argument]) -> Outcome:
    if isinstance(arguments[0].type, Text | ListOf | Files):
        return Integer()
    return _wrong(arguments[0], "текст, список или фото", "пример: len(comment) > 5")


def _many(
    arguments: list[Argument], fit: Callable[[Type], bool], wanted: str, remedy: str
) -> Outcome:
    """Return the common type of one list or of several values."""
    if len(arguments) == 1 and isinstance(arguments[0].type, ListOf):
        item = bare(arguments[0].type.item)
        return (
            item
            if fit(item)
            else _wrong(arguments[0], say("список: {wanted}", wanted=wanted), remedy)
        )
    common = bare(arguments[0].type)
    written = arguments[0].written
    for argument in arguments:
        kind = bare(argument.type)
        if not fit(kind):
            return _wrong(argument, wanted, remedy)
        both = joined(common, kind, written=(written, argument.written))
        if both is None:
            message = say(
                "{common} и {kind} вместе не берут", common=title(common), kind=title(kind)
            )
            return Mistake(message, "нужно всё одного вида и одной единицы", argument.part)
        common, written = both, written and argument.written
    return common


def _extreme(arguments: list[Argument]) -> Outcome:
    return _many(arguments, lambda kind: isinstance(kind, ORDERED), "число или время", _NUMBERS)


def _sum(arguments: list[Argument]) -> Outcome:
    return _many(arguments, lambda kind: isinstance(kind, Number), "число", _NUMBERS)


def _count(arguments: list[Argument]) -> Outcome:
    return Integer()


def _end(arguments: list[Argument]) -> Outcome:
    found = _many(arguments, lambda kind: True, "список", "пример: first(items.kg)")
    return found if isinstance(found, Mistake) else Optional(found)


def _distinct(arguments: list[Argument]) -> Outcome:
    found = _many(arguments, lambda kind: True, "список", "пример: distinct(items.supplier)")
    return found if isinstance(found, Mistake) else ListOf(found)


def _truths(arguments: list[Argument]) -> Outcome:
    remedy = "пример: all(items.checked)"
    return _many(arguments, lambda kind: isinstance(kind, Truth), "да или нет", remedy)


def _join(arguments: list[Argument]) -> Outcome:
    remedy = "пример: join(items.name)"
    kind = bare(arguments[0].type)
    if not isinstance(kind, ListOf) or isinstance(kind.item, ListOf | Files | Opaque):
        return _wrong(arguments[0], "список", remedy)
    if len(arguments) == 2 and not isinstance(arguments[1].type, Text):
        return _wrong(arguments[1], "текст", "пример: join(items.name, '; ')")
    return Text()


def _length(arguments: list[Argument], *, back: Type) -> Outcome:
    kind = arguments[0].type
    if isinstance(kind, Duration):
        return back
    if isinstance(kind, Number) and not kind.unit:
        return Duration()
    return _wrong(arguments[0], "длительность или число", "пример: days(3)")


def _clock(arguments: list[Argument], *, kind: Type) -> Outcome:
    return kind


_FORMS: dict[str, Callable[[list[Argument]], Outcome]] = {
    "abs": _abs,
    "round": _round,
    "floor": _floor,
    "len": _len,
    "min": _extreme,
    "max": _extreme,
    "sum": _sum,
    "count": _count,
    "first": _end,
    "last": _end,
    "any": _truths,
    "all": _truths,
    "join": _join,
    "distinct": _distinct,
    "days": partial(_length, back=Integer()),
    "hours": partial(_length, back=Number()),
    "is_set": lambda arguments: Truth(),
    **{name: partial(_clock, kind=kind) for name, kind in _CLOCK_TYPES.items()},
}
