"""Tree → Python tree that calls a helper for every operator. Start at `Writer.option`.

Nodes are generated from an allow-list over dictionary look-ups; no name of the text becomes a name
of Python. `native.py` writes the same with Python's own operators where that is sound."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.expressions.functions import CLOCKS, FUNCTIONS, EvaluationError
from engine.expressions.parse import Node

COMPARES: dict[type[ast.cmpop], str] = {
    ast.Eq: "_eq",
    ast.NotEq: "_ne",
    ast.Lt: "_lt",
    ast.LtE: "_le",
    ast.Gt: "_gt",
    ast.GtE: "_ge",
    ast.In: "_in",
    ast.NotIn: "_not_in",
}
_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "_add",
    ast.Sub: "_sub",
    ast.Mult: "_mul",
    ast.Div: "_div",
}
ENV, ASK, NOW = "_env", "_ask", "_now"  # parameters of the code that is written


class Writer:
    """Writes the Python tree of an expression, node by node; `constants` are its parameters."""

    def __init__(self, node: Node, constants: dict[str, Any], numbers: Iterator[int]) -> None:
        self.node = node
        self.constants = constants
        self.numbers = numbers

    def write(self, part: ast.expr) -> ast.expr:
        """Return the Python tree of a part."""
        match part:
            case ast.Name(id=name):
                length = self.node.literal(part)
                return self.field(name) if length is None else self.hold(length)
            case ast.Constant(value=value):
                is_number = not isinstance(value, bool | str)
                return self.hold(Decimal(self.node.source(part)) if is_number else value)
            case ast.Attribute(value=value, attr=attribute):
                return call("_attribute", self.write(value), ast.Constant(attribute))
            case ast.BoolOp(op=op, values=values):
                return ast.BoolOp(op, [self.truth(value) for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ast.UnaryOp(ast.Not(), self.truth(operand))
            case ast.UnaryOp(operand=operand):
                return call("_negative", self.write(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return call(_BINARY[type(op)], self.write(left), self.write(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return ast.IfExp(self.truth(test), self.write(body), self.write(orelse))
            case ast.Compare():
                return self.compare(part)
            case ast.Call():
                return self.called(part)
        raise EvaluationError(f"a {type(part).__name__} is not of this language")

    def field(self, name: str) -> ast.expr:
        """Write a look-up of a field; one that is not there is not given."""
        return _get(ast.Constant(name))

    def truth(self, part: ast.expr) -> ast.expr:
        """Write a part that must be true or false."""
        return call("_truth", self.write(part))

    def option(self, part: ast.expr) -> ast.expr:
        """Write a part that may be the bare code of an option."""
        if isinstance(part, ast.Tuple):
            return ast.Tuple([self.option(item) for item in part.elts], ast.Load())
        if isinstance(part, ast.Name) and self.node.literal(part) is None:
            return _get(ast.Constant(part.id), ast.Constant(part.id))
        if isinstance(part, ast.IfExp):
            return ast.IfExp(
                self.truth(part.test), self.option(part.body), self.option(part.orelse)
            )
        return self.write(part)

    def compare(self, part: ast.Compare) -> ast.expr:
        """Write a comparison. In a chain each middle value is computed once and kept: writing it
        twice would double the code with each chain inside a chain."""
        pairs: list[ast.expr] = []
        left = self.option(part.left)
        for at, (op, side) in enumerate(zip(part.ops, part.comparators, strict=True)):
            right = self.option(side)
            after = right
            if at < len(part.ops) - 1:
                kept = self.keep()
                after = load(kept)
                right = ast.NamedExpr(ast.Name(kept, ast.Store()), right)
            pairs.append(call(COMPARES[type(op)], left, right))
            left = after
        return pairs[0] if len(pairs) == 1 else ast.BoolOp(ast.And(), pairs)

    def called(self, part: ast.Call) -> ast.expr:
        """Write a call of a listed function or of a fact."""
        assert isinstance(part.func, ast.Name)
        name = part.func.id
        if name in CLOCKS:
            # Arguments are a mistake that the checker reports; here they make the call fail.
            return call(f"_f_{name}", load(NOW), *map(self.write, part.args))
        if name in FUNCTIONS:
            return call(f"_f_{name}", *map(self.write, part.args))
        arguments = ast.Tuple([self.option(argument) for argument in part.args], ast.Load())
        return call("_fact", load(ASK), ast.Constant(name), arguments)

    def hold(self, value: Any) -> ast.expr:
        """Write a value that never changes: a parameter with that default."""
        name = f"_c{len(self.constants)}"
        self.constants[name] = value
        return load(name)

    def keep(self) -> str:
        """Return a fresh name for a value that is used more than once."""
        return f"_k{next(self.numbers)}"


def load(identifier: str) -> ast.expr:
    """Write a name of Python."""
    return ast.Name(identifier, ast.Load())


def call(function: str, *arguments: ast.expr) -> ast.expr:
    """Write a call of a helper."""
    return ast.Call(load(function), list(arguments), [])


def _get(*arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(load(ENV), "get", ast.Load()), list(arguments), [])
