"""What compiled expressions call: operators on exact values that know None, and the listed
functions.

Every one either returns a value or raises EvaluationError (or an error of Python that `compile`
turns into one). Numbers are Decimal, 28 digits; a float is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

from engine.errors import say
from engine.model.values import Option, Row, show
from engine.model.zone import PlantZone, production_day

_CONTEXT = Context(
    prec=28, Emax=9999, Emin=-9999, traps=[DivisionByZero, InvalidOperation, Overflow]
)
LONGEST_JOINED, LONGEST_COLUMN = 10_000, 20_000  # characters; values of lists within lists
_ZERO = Decimal(0)
_DECIMALS = {Decimal}
_TICK = timedelta(microseconds=1)
_TICKS_OF_HOUR, _TICKS_OF_DAY = Decimal(3_600_000_000), Decimal(86_400_000_000)


class EvaluationError(ValueError):
    """A value that cannot be computed: not given, division by zero, things that do not compare."""


def _code(value: Any) -> Any:
    """Return what a value is compared by: the code of an option or a record, else itself.

    An option that was typed has no code: it is equal only to the same typed words."""
    return getattr(value, "code", None) or value


def _equal(left: Any, right: Any) -> bool:
    """Compare two values by what they are compared by. To Python a truth is the number 0 or 1."""
    one, two = _code(left), _code(right)
    if isinstance(one, bool) is not isinstance(two, bool) and _counts(one) and _counts(two):
        raise EvaluationError("да или нет с числом не сравнить")
    return bool(one == two)


def _counts(value: Any) -> bool:
    return isinstance(value, Decimal | int)


def _attribute(value: Any, name: str) -> Any:
    """Return a field of a record, or the column of a list of them."""
    if isinstance(value, tuple | list):
        try:
            column = tuple([item.fields[name] for item in value])
        except (AttributeError, LookupError, TypeError):
            # Not all of them are records that have it: one by one.
            column = tuple(_attribute(item, name) for item in value)
        return _bounded(column) if tuple in map(type, column) else column
    fields = value if isinstance(value, Mapping) else getattr(value, "fields", None)
    return fields.get(name) if isinstance(fields, Mapping) else None


def _bounded(column: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a column of lists; each `.items.order` within it would multiply it again."""
    if _size(column) > LONGEST_COLUMN:
        raise EvaluationError(say("в списках больше {most} значений", most=LONGEST_COLUMN))
    return column


def _size(value: Any) -> int:
    return sum(map(_size, value)) if isinstance(value, tuple) else 1


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise EvaluationError("значение не задано" if value is None else "не да и не нет")


def _number(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise EvaluationError("значение не задано" if value is None else "с этим не считают")


def _is_time(value: Any) -> bool:
    return isinstance(value, date | time | timedelta)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(left: Any, right: Any) -> bool:
        if _is_time(left) and type(left) is type(right):
            return compare(left, right)
        return compare(_number(left), _number(right))

    return compared


def _add(left: Any, right: Any) -> Any:
    if _is_time(left) and _is_time(right):
        return left + right
    return _CONTEXT.add(_number(left), _number(right))


def _sub(left: Any, right: Any) -> Any:
    if _is_time(left) and _is_time(right):
        return left - right
    return _CONTEXT.subtract(_number(left), _number(right))


def _mul(left: Any, right: Any) -> Any:
    if isinstance(left, timedelta):
        return _length(_CONTEXT.multiply(_ticks(left), _number(right)))
    if isinstance(right, timedelta):
        return _mul(right, left)
    return _CONTEXT.multiply(_number(left), _number(right))


def _div(left: Any, right: Any) -> Any:
    if isinstance(left, timedelta):
        if isinstance(right, timedelta):
            return _div(_ticks(left), _ticks(right))
        return _length(_div(_ticks(left), right))
    divisor = _number(right)
    if not divisor:
        raise EvaluationError("деление на ноль")
    return _CONTEXT.divide(_number(left), divisor)


def _negative(value: Any) -> Any:
    return -value if isinstance(value, timedelta) else _CONTEXT.minus(_number(value))


def _ticks(value: timedelta) -> Decimal:
    return Decimal(value // _TICK)


def _length(ticks: Decimal) -> timedelta:
    if not abs(ticks) < 10**20:  # far beyond timedelta, and int() of a huge exponent would hang
        raise EvaluationError("слишком большая длительность")
    return timedelta(microseconds=int(ticks))


def _in(left: Any, right: Any) -> bool:
    if not isinstance(right, tuple | list):
        raise EvaluationError("после «in» нужен список")
    return any(_equal(left, item) for item in right)


def _fact(ask: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    if ask is None:
        raise EvaluationError(say("факт {name} здесь не спросить", name=name))
    return ask(name, arguments)


def _moment(now: datetime | None) -> datetime:
    if now is None:
        raise EvaluationError("время здесь неизвестно")
    return now


def _production_day(now: datetime | None) -> date:
    moment = _moment(now)
    if not isinstance(moment.tzinfo, PlantZone):
        raise EvaluationError("начало производственных суток неизвестно")
    return production_day(moment, moment.tzinfo.day_begins)


def _items(values: tuple[Any, ...]) -> list[Any]:
    """Return the values of a list function: of one list, or of its arguments; those not given are
    left out."""
    one_list = len(values) == 1 and isinstance(values[0], tuple | list)
    return [value for value in (values[0] if one_list else values) if value is not None]


def _abs(value: Any) -> Any:
    return abs(value) if isinstance(value, timedelta) else _CONTEXT.abs(_number(value))


def _round(value: Any, digits: Any = 0) -> Decimal:
    places = _number(digits)
    if places not in range(10):
        raise EvaluationError("знаков после запятой бывает от 0 до 9")
    return _number(value).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP, _CONTEXT)


def _floor(value: Any) -> Decimal:
    return _number(value).quantize(Decimal(1), ROUND_FLOOR, _CONTEXT)


def _extreme(wins: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def found(*values: Any) -> Any:
        items = _items(values)
        if not items:
            raise EvaluationError("выбирать не из чего")
        best = items[0]
        for item in items[1:]:
            best = item if wins(item, best) else best
        return best

    return found


def _sum(*values: Any) -> Decimal:
    column = values[0] if len(values) == 1 else ()
    if type(column) is tuple and set(map(type, column)) == _DECIMALS:
        return sum(column, _ZERO)
    total = _ZERO
    for item in _items(values):
        total = _CONTEXT.add(total, _number(item))
    return total


def _first(*values: Any) -> Any:
    return next(iter(_items(values)), None)


def _last(*values: Any) -> Any:
    return next(iter(reversed(_items(values))), None)


def _any(*values: Any) -> bool:
    return True in [_truth(item) for item in _items(values)]


def _all(*values: Any) -> bool:
    return False not in [_truth(item) for item in _items(values)]


def _join(values: Any, between: str = ", ") -> str:
    if not isinstance(values, tuple | list) or not isinstance(between, str):
        raise EvaluationError("соединяют список текстов")
    texts, length = list[str](), 0
    for value in values:
        if value is not None:
            texts.append(show(value))
            # What is joined may stand between others, and so on: each time it would multiply.
            length += len(texts[-1]) + len(between)
            if length > LONGEST_JOINED:
                raise EvaluationError(say("текст длиннее {most} знаков", most=LONGEST_JOINED))
    return between.join(texts)


def _distinct(*values: Any) -> tuple[Any, ...]:
    """Return the different values of a list, each where it stands first."""
    found: dict[Any, Any] = {}
    for value in _items(values):
        found.setdefault(_code(value), value)
    return tuple(found.values())


def _len(value: Any) -> Decimal:
    if not isinstance(value, Sized):
        raise EvaluationError("значение не задано")
    return Decimal(len(value))


def _days(value: Any) -> Any:
    if isinstance(value, timedelta):
        return Decimal(value.days)
    return _length(_CONTEXT.multiply(_number(value), _TICKS_OF_DAY))


def _hours(value: Any) -> Any:
    if isinstance(value, timedelta):
        return _CONTEXT.divide(_ticks(value), _TICKS_OF_HOUR)
    return _length(_CONTEXT.multiply(_number(value), _TICKS_OF_HOUR))


_less = _ordered(lambda left, right: left < right)
_more = _ordered(lambda left, right: left > right)
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": _abs,
    "round": _round,
    "floor": _floor,
    "min": _extreme(_less),
    "max": _extreme(_more),
    "len": _len,
    "sum": _sum,
    "count": lambda *values: Decimal(len(_items(values))),
    "first": _first,
    "last": _last,
    "any": _any,
    "all": _all,
    "join": _join,
    "distinct": _distinct,
    "days": _days,
    "hours": _hours,
    "is_set": lambda value: value is not None,
}
CLOCKS: Mapping[str, Callable[[datetime | None], Any]] = {
    "today": lambda now: _moment(now).date(),
    "now": _moment,
    "production_day": _production_day,
}
BROKEN = (ArithmeticError, TypeError, ValueError, LookupError, AttributeError)
HELPERS: dict[str, Any] = {
    "__builtins__": {},
    "_attribute": _attribute,
    "_truth": _truth,
    "_fact": _fact,
    "_eq": _equal,
    "_ne": lambda left, right: not _equal(left, right),
    "_lt": _less,
    "_le": _ordered(lambda left, right: left <= right),
    "_gt": _more,
    "_ge": _ordered(lambda left, right: left >= right),
    "_in": _in,
    "_not_in": lambda left, right: not _in(left, right),
    "_add": _add,
    "_sub": _sub,
    "_mul": _mul,
    "_div": _div,
    "_negative": _negative,
    # What code with bare operators looks at, and the bare forms of functions.
    "_broken": BROKEN,
    "_type": type,
    "_decimal": Decimal,
    "_option": Option,
    "_row": Row,
    "_abs_of": abs,
    "_min_of": min,
    "_max_of": max,
    "_half_up": ROUND_HALF_UP,
    "_down": ROUND_FLOOR,
    **{f"_f_{name}": function for name, function in (*FUNCTIONS.items(), *CLOCKS.items())},
}
