"""Conditions that are always the same, and numbers that are written out."""

from __future__ import annotations

import ast
from collections.abc import Container

from engine.expressions.guards import path
from engine.expressions.parse import Node


def is_written(part: ast.expr) -> bool:
    """Tell whether a part is a number written out, such as `-5` or `3 * 100`: it takes any unit."""
    match part:
        case ast.Constant(value=value):
            return not isinstance(value, bool | str)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return is_written(operand)
        case ast.BinOp(left=left, right=right):
            return is_written(left) and is_written(right)
        case ast.IfExp(body=body, orelse=orelse):
            return is_written(body) and is_written(orelse)
    return False


def is_constant(node: Node, part: ast.expr) -> bool:
    """Tell whether a part never changes: values written out and what is computed of them."""
    match part:
        case ast.Constant():
            return True
        case ast.Name():
            return node.literal(part) is not None
        case ast.UnaryOp(operand=operand):
            return is_constant(node, operand)
        case ast.BinOp(left=left, right=right):
            return is_constant(node, left) and is_constant(node, right)
        case ast.Tuple(elts=items):
            return all(is_constant(node, item) for item in items)
    return False


def clashing(values: list[ast.expr], every: bool, fields: Container[str]) -> ast.Compare | None:
    """Return the comparison that makes a condition always the same: a field that is to equal two
    different values (`and`), or to differ from one of two (`or`)."""
    seen: dict[str, object] = {}
    for value in values:
        match value:
            case ast.Compare(left=left, ops=[op], comparators=[side]) if path(left):
                if not isinstance(op, ast.Eq if every else ast.NotEq):
                    continue
                said = _constant(side, fields)
                if said is not None and seen.setdefault(path(left), said) != said:
                    return value
    return None


def _constant(part: ast.expr, fields: Container[str]) -> object:
    """Return a value that is written out; None for anything that may change."""
    match part:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name not in fields:
            return name
    return None
