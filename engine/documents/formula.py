"""Expressions of a report as living Excel formulas: names become cells. Start at `formula`.

What Excel has no like of (facts, fields of records, texts) is refused by `problem`, which the
checker asks before."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from engine.errors import EngineError
from engine.expressions.parse import Node

_BINARY: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARES: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_FUNCTIONS = {"abs": "ABS", "min": "MIN", "max": "MAX", "sum": "SUM", "round": "ROUND"}
Address = Callable[[str], str]  # the name of a column → its cell


def formula(node: Node, address: Address) -> str:
    """Return an expression as an Excel formula, with the sign of equality.

    >>> from engine.expressions.parse import parse
    >>> formula(parse("kg / all_kg * 100 if all_kg > 0 else 0"), {"kg": "B2", "all_kg": "B9"}.get)
    '=IF((B9>0),((B2/B9)*100),0)'
    """
    return "=" + _written(node, node.tree, address)


def problem(node: Node) -> ast.expr | None:
    """Return the first part that cannot stand in a formula, None when all can."""
    names = {id(part.func) for part in ast.walk(node.tree) if isinstance(part, ast.Call)}
    for part in ast.walk(node.tree):
        if isinstance(part, ast.expr) and id(part) not in names and not _can(node, part):
            return part
    return None


def _can(node: Node, part: ast.expr) -> bool:
    match part:
        case ast.Name():
            return node.literal(part) is None
        case ast.Constant(value=value):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return name in _FUNCTIONS and (name != "round" or len(arguments) in (1, 2))
        case ast.Compare(ops=ops):
            return all(type(op) in _COMPARES for op in ops)
        case ast.BinOp() | ast.UnaryOp() | ast.IfExp() | ast.BoolOp():
            return True
        case _:
            return False


def _written(node: Node, part: ast.expr, address: Address) -> str:
    def write(inner: ast.expr) -> str:
        return _written(node, inner, address)

    match part:
        case ast.Name(id=name):
            return address(name)
        case ast.Constant():
            return node.source(part)
        case ast.BinOp(left=left, op=op, right=right):
            return f"({write(left)}{_BINARY[type(op)]}{write(right)})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return f"NOT({write(operand)})"
        case ast.UnaryOp(operand=operand):
            return f"(-{write(operand)})"
        case ast.BoolOp(op=op, values=values):
            joined = ",".join(map(write, values))
            return f"{'AND' if isinstance(op, ast.And) else 'OR'}({joined})"
        case ast.Compare(left=left, ops=ops, comparators=sides):
            pairs = zip((left, *sides), ops, sides, strict=False)
            said = [f"({write(one)}{_COMPARES[type(op)]}{write(two)})" for one, op, two in pairs]
            return said[0] if len(said) == 1 else f"AND({','.join(said)})"
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return f"IF({write(test)},{write(body)},{write(orelse)})"
        case ast.Call(func=ast.Name(id=name), args=arguments):
            given = [write(argument) for argument in arguments]
            given += ["0"] if name == "round" and len(given) == 1 else []
            return f"{_FUNCTIONS[name]}({','.join(given)})"
    raise EngineError(f"«{node.text}» is no Excel formula")
