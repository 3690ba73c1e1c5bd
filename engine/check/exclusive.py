"""Whether two conditions can hold together: tried on every case that tells them apart.

A field that is compared with written values is tried at each of them, between them and beyond;
anything else is taken for true and for false. Start at `together`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise, product

from engine.expressions.guards import path, written_number
from engine.expressions.parse import ExpressionError, parse

MOST = 4096  # cases that are tried; beyond it the conditions are given the benefit of the doubt
OTHER = "\0other"  # a value that is none of those written
Case = Mapping[str, object]


def together(one: str, other: str) -> bool:
    """Tell whether two conditions may hold at the same time.

    >>> together("route == plate", "route == shock"), together("kg > 5", "kg <= 5")
    (False, False)
    >>> together("kg > 5", "kg < 7"), together("line == 1", "usable(mix)")
    (True, True)
    """
    try:
        nodes = [parse(one), parse(other)]
    except ExpressionError:
        return False
    values: dict[str, list[object]] = {}
    for node in nodes:
        for name, value in _compared(node.tree):
            values.setdefault(name, []).append(value)
        for text in _plain(node.tree):
            values.setdefault(text, [])
    choices = [[(name, one) for one in _candidates(found)] for name, found in values.items()]
    total = 1
    for options in choices:
        total *= len(options)
    if total > MOST:
        return False
    return any(all(_holds(node.tree, dict(case)) for node in nodes) for case in product(*choices))


def _candidates(values: list[object]) -> list[object]:
    numbers = sorted({value for value in values if isinstance(value, Decimal)})
    if not numbers:
        return [*dict.fromkeys(values), OTHER] if values else [True, False]
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    return [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]


def _atoms(part: ast.expr) -> Iterator[ast.expr]:
    match part:
        case ast.BoolOp(values=values):
            for value in values:
                yield from _atoms(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _atoms(operand)
        case _:
            yield part


def _compared(tree: ast.expr) -> Iterator[tuple[str, object]]:
    for part in _atoms(tree):
        found = _comparison(part)
        if found is not None:
            yield found[0], found[2]


def _plain(tree: ast.expr) -> Iterator[str]:
    for part in _atoms(tree):
        if _comparison(part) is None:
            yield _text(part)


def _text(part: ast.expr) -> str:
    return ast.unparse(part)


def _comparison(part: ast.expr) -> tuple[str, ast.cmpop, object] | None:
    """Return field, operator and written value of a comparison; None for anything else."""
    if not isinstance(part, ast.Compare) or len(part.ops) != 1:
        return None
    name, value = path(part.left), _written(part.comparators[0])
    if not name or value is None or isinstance(part.ops[0], ast.In | ast.NotIn):
        return None
    return name, part.ops[0], value


def _written(part: ast.expr) -> object:
    number = written_number(part)
    if number is not None:
        return Decimal(str(number))
    if isinstance(part, ast.Name):
        return part.id
    return part.value if isinstance(part, ast.Constant) else None


def _holds(part: ast.expr, case: Case) -> bool:
    match part:
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_holds(value, case) for value in values)
        case ast.BoolOp(values=values):
            return any(_holds(value, case) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _holds(operand, case)
    found = _comparison(part)
    if found is None:
        return case[_text(part)] is True
    name, op, value = found
    there = case[name]
    if isinstance(op, ast.Eq | ast.NotEq):
        return (there == value) is isinstance(op, ast.Eq)
    if not isinstance(there, Decimal) or not isinstance(value, Decimal):
        return True
    return {
        ast.Lt: there < value,
        ast.LtE: there <= value,
        ast.Gt: there > value,
        ast.GtE: there >= value,
    }.get(type(op), True)
