"""What compiled expressions call: operators that know units of nothing and None, and the listed functions.

Every one either returns a value or raises EvaluationError."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

DAY_BEGINS = time(7)  # of the production day (domain, Conventions)
_CONTEXT = Context(prec=28)


class EvaluationError(ValueError):
    """A value that cannot be computed: not given, division by zero, things that do not compare."""


def _code(value: Any) -> Any:
    """Return what a value is compared by: the code of an option or a record, else itself."""
    return getattr(value, "code", value)


def _name(env: Mapping[str, Any], name: str) -> Any:
    return env[name] if name in env else name


def _attribute(value: Any, name: str) -> Any:
    if isinstance(value, tuple | list):
        return tuple(_attribute(item, name) for item in value)
    fields = value if isinstance(value, Mapping) else getattr(value, "fields", None)
    return fields.get(name) if isinstance(fields, Mapping) else None


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise EvaluationError("не да и не нет")


def _given(*values: Any) -> None:
    if any(value is None for value in values):
        raise EvaluationError("значение не задано")


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(left: Any, right: Any) -> bool:
        _given(left, right)
        if isinstance(left, bool | str) or isinstance(right, bool | str):
            raise EvaluationError("это не сравнивается по величине")
        return compare(left, right)

    return compared


def _arithmetic(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def computed(left: Any, right: Any) -> Any:
        _given(left, right)
        if isinstance(left, bool | str | tuple) or isinstance(right, bool | str | tuple):
            raise EvaluationError("с этим не считают")
        with localcontext(_CONTEXT):
            return compute(left, right)

    return computed


def _divided(left: Any, right: Any) -> Any:
    if not right:
        raise EvaluationError("деление на ноль")
    return Decimal(left) / Decimal(right)


def _fact(ask: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    if ask is None:
        raise EvaluationError(f"факт {name} здесь не спросить")
    return ask(name, arguments)


def _moment(now: datetime | None) -> datetime:
    if now is None:
        raise EvaluationError("время здесь неизвестно")
    return now


def _production_day(now: datetime | None) -> date:
    moment = _moment(now)
    return moment.date() if moment.time() >= DAY_BEGINS else moment.date() - timedelta(days=1)


def _items(values: tuple[Any, ...]) -> list[Any]:
    """Return the values of a list function: of one list, or of its arguments; those not given are left out."""
    found: Iterable[Any] = values[0] if len(values) == 1 and isinstance(values[0], tuple | list) else values
    return [value for value in found if value is not None]


def _round(value: Decimal, digits: Decimal = Decimal(0)) -> Decimal:
    _given(value)
    return Decimal(value).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)


def _first(*values: Any) -> Any:
    return next(iter(_items(values)), None)


def _last(*values: Any) -> Any:
    return next(iter(reversed(_items(values))), None)


def _any_holds(*values: Any) -> bool:
    return any(_truth(item) for item in _items(values))


def _all_hold(*values: Any) -> bool:
    return all(_truth(item) for item in _items(values))


def _join(values: Iterable[Any], between: str = ", ") -> str:
    return between.join(str(getattr(value, "title", value)) for value in values if value is not None)


def _size(value: Any) -> int:
    _given(value)
    return len(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs, "round": _round, "floor": lambda value: Decimal(value).to_integral_value("ROUND_FLOOR"),
    "min": lambda *values: min(_items(values)), "max": lambda *values: max(_items(values)), "len": _size,
    "sum": lambda *values: sum(_items(values), Decimal(0)), "count": lambda *values: len(_items(values)),
    "first": _first, "last": _last, "any": _any_holds, "all": _all_hold, "join": _join,
    "days": lambda value: value.days if isinstance(value, timedelta) else timedelta(days=int(value)),
    "hours": lambda value: Decimal(value.total_seconds()) / 3600 if isinstance(value, timedelta)
    else timedelta(hours=int(value)),
    "today": lambda: None, "now": lambda: None, "production_day": lambda: None,
    "is_set": lambda value: value is not None,
}
HELPERS: dict[str, Any] = {
    "__builtins__": {}, "_name": _name, "_attribute": _attribute, "_truth": _truth, "_fact": _fact,
    "_eq": lambda left, right: _code(left) == _code(right), "_ne": lambda left, right: _code(left) != _code(right),
    "_lt": _ordered(lambda left, right: left < right), "_le": _ordered(lambda left, right: left <= right),
    "_gt": _ordered(lambda left, right: left > right), "_ge": _ordered(lambda left, right: left >= right),
    "_in": lambda left, right: _code(left) in [_code(item) for item in right],
    "_not_in": lambda left, right: _code(left) not in [_code(item) for item in right],
    "_add": _arithmetic(lambda left, right: left + right), "_sub": _arithmetic(lambda left, right: left - right),
    "_mul": _arithmetic(lambda left, right: left * right), "_div": _arithmetic(_divided),
    "_negative": lambda value: _arithmetic(lambda left, right: left - right)(Decimal(0), value),
    "_today": lambda now: _moment(now).date(), "_now": _moment, "_production_day": _production_day,
    **{f"_f_{name}": function for name, function in FUNCTIONS.items()},
}
