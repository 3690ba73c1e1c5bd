"""What a condition proves about the fields that it names, when it holds and when it does not.

`is_set(x) and x > 0` proves, where it holds, that x is given and above zero; `not is_set(x)` proves
that x is given where it does not hold."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce

from engine.expressions.scope import Scope

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}
_SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
}


@dataclass(frozen=True, slots=True)
class Proof:
    """Paths that are surely given, surely above zero, surely not zero."""

    given: frozenset[str] = frozenset()
    positive: frozenset[str] = frozenset()
    nonzero: frozenset[str] = frozenset()

    def __or__(self, other: Proof) -> Proof:
        return Proof(
            self.given | other.given, self.positive | other.positive, self.nonzero | other.nonzero
        )

    def __and__(self, other: Proof) -> Proof:
        return Proof(
            self.given & other.given, self.positive & other.positive, self.nonzero & other.nonzero
        )


def set_by(part: ast.expr) -> frozenset[str]:
    """Return the fields and paths that are surely given where a condition holds."""
    return proved(part).given


def positive_by(part: ast.expr) -> frozenset[str]:
    """Return the fields and paths that are surely above zero, or at least not zero, where a
    condition holds: what may be divided by. `held` keeps the two apart."""
    proof = proved(part)
    return proof.positive | proof.nonzero


def proved(part: ast.expr, *, holds: bool = True) -> Proof:
    """Return what a condition proves where it holds, or where it does not."""
    match part:
        case ast.Call(func=ast.Name(id="is_set"), args=[argument]) if holds:
            return Proof(given=frozenset(prefixes(path(argument))))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return proved(operand, holds=not holds)
        case ast.BoolOp(op=op, values=values):
            each = [proved(value, holds=holds) for value in values]
            return _folded(isinstance(op, ast.And) is holds, each)
        case ast.Compare(left=left, ops=ops, comparators=sides) if holds or len(ops) == 1:
            pairs = zip([left, *sides[:-1]], ops, sides, strict=True)
            return _folded(True, [_compared(one, op, two, holds) for one, op, two in pairs])
    return Proof()


def _folded(every: bool, proofs: Iterable[Proof]) -> Proof:
    """Join what is proved by conditions that all hold, or of which at least one does."""
    combine: Callable[[Proof, Proof], Proof] = Proof.__or__ if every else Proof.__and__
    return reduce(combine, proofs)


def _compared(one: ast.expr, op: ast.cmpop, two: ast.expr, holds: bool) -> Proof:
    kind = type(op)
    if not holds:
        if kind not in _OPPOSITE:
            return Proof()
        kind = _OPPOSITE[kind]
    if not path(one):
        one, two, kind = two, one, _SWAPPED.get(kind, kind)
    name = path(one)
    if not name:
        return Proof()
    equal_to_something = kind is ast.Eq and isinstance(two, ast.Constant)
    given = frozenset(prefixes(name)) if equal_to_something else frozenset[str]()
    bound = written_number(two)
    if bound is None:
        return Proof(given)
    above = (kind is ast.Gt and bound >= 0) or (kind in (ast.GtE, ast.Eq) and bound > 0)
    below = (kind is ast.Lt and bound <= 0) or (kind in (ast.LtE, ast.Eq) and bound < 0)
    other = kind is ast.NotEq and bound == 0
    paths = frozenset({name})
    return Proof(
        given, paths if above else frozenset(), paths if above or below or other else frozenset()
    )


def path(part: ast.expr) -> str:
    """Return what names a value that does not change meanwhile: the dotted path of a field, such as
    `batch.weight`, or a call with such paths, `free(batch).kg`; empty for anything else."""
    match part:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            owner = path(value)
            return f"{owner}.{attribute}" if owner else ""
        case ast.Call(func=ast.Name(id=name), args=arguments):
            given = [path(argument) for argument in arguments]
            return f"{name}({', '.join(given)})" if all(given) else ""
    return ""


def prefixes(dotted: str) -> list[str]:
    """Return a path and its owners: a field of a record is given only if the record is."""
    called = dotted.rfind(")") + 1
    parts = dotted[called:].split(".")
    owners = [dotted[:called] + ".".join(parts[:size]) for size in range(1, len(parts) + 1)]
    return [owner for owner in owners if owner]


def written_number(part: ast.expr) -> int | float | None:
    """Return the value of a number that is written out, for comparing it with zero."""
    match part:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value_ = written_number(operand)
            return None if value_ is None else -value_
    return None


def is_nonzero(part: ast.expr, scope: Scope) -> bool:
    """Tell whether a divisor is surely not zero."""
    number = written_number(part)
    if number is not None:
        return number != 0
    match part:
        case ast.Call(func=ast.Name(id="abs"), args=[argument]):
            return is_nonzero(argument, scope)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return is_nonzero(operand, scope)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_positive(left, scope) and _is_positive(right, scope)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return is_nonzero(left, scope) and is_nonzero(right, scope)
    return path(part) in scope.nonzero or _is_positive(part, scope)


def _is_positive(part: ast.expr, scope: Scope) -> bool:
    number = written_number(part)
    if number is not None:
        return number > 0
    match part:
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult(), right=right):
            return _is_positive(left, scope) and _is_positive(right, scope)
    return path(part) in scope.positive
