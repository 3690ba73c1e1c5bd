"""Frozen values that are made quicker. Start at `quick`."""

from __future__ import annotations

from dataclasses import MISSING, fields
from types import FunctionType
from typing import TypeVar

T = TypeVar("T")


def quick(kind: type[T]) -> type[T]:
    """Let a frozen dataclass with slots set each of its fields by the slot itself.

    The `__init__` that dataclasses write looks up how an object is told a name and then looks up
    the name, 0.18 µs a field where a slot takes 0.1; a turn sets three hundred. It stays frozen.

    >>> from dataclasses import dataclass
    >>> @quick
    ... @dataclass(frozen=True, slots=True)
    ... class Weighed:
    ...     lot: str
    ...     grams: int = 0
    >>> Weighed("7", grams=5), Weighed("8")
    (Weighed(lot='7', grams=5), Weighed(lot='8', grams=0))
    """
    written = kind.__init__
    assert isinstance(written, FunctionType)
    assert written.__code__.co_kwonlyargcount == 0
    assert all(field.init for field in fields(kind))  # type: ignore[arg-type]  # it is a dataclass
    assert not hasattr(kind, "__post_init__")
    knows: dict[str, object] = {}
    lines = []
    defaults = dict(zip(_names(written)[::-1], (written.__defaults__ or ())[::-1], strict=False))
    for field in fields(kind):  # type: ignore[arg-type]  # it is a dataclass
        knows[f"_set_{field.name}"] = getattr(kind, field.name).__set__
        value = field.name
        if field.default_factory is not MISSING:
            knows[f"_make_{field.name}"] = field.default_factory
            knows["_nothing"] = defaults[field.name]  # stands for what the factory makes
            value = f"_make_{value}() if {value} is _nothing else {value}"
        lines.append(f"    _set_{field.name}(self, {value})")
    source = "\n".join((f"def __init__({', '.join(_names(written))}):", *lines))
    code = compile(source, f"<{kind.__qualname__}>", "exec").co_consts[0]
    made = FunctionType(code, knows, "__init__", written.__defaults__)
    made.__qualname__, made.__annotations__ = written.__qualname__, written.__annotations__
    setattr(kind, "__init__", made)  # noqa: B010 - a type has none to assign, says mypy
    return kind


def _names(written: FunctionType) -> tuple[str, ...]:
    return written.__code__.co_varnames[: written.__code__.co_argcount]
