"""Tree → code object. Nodes are generated from an allow-list over dictionary look-ups; text is
never evaluated.

Where a value is compared, given to a fact, or is the whole expression, a name that is no field
stands for the code of an option; anywhere else it is a value that is not given. What cannot be
computed raises EvaluationError; callers treat it as a violation, never as a pass."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from types import CodeType
from typing import Any

from engine.expressions.functions import CLOCKS, FUNCTIONS, HELPERS, EvaluationError
from engine.expressions.parse import Node, names, parse

__all__ = ["Ask", "Compiled", "EvaluationError", "compile_expression"]

Ask = Callable[[str, tuple[Any, ...]], Any]
_COMPARES: dict[type[ast.cmpop], str] = {
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
_BROKEN = (ArithmeticError, TypeError, ValueError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to run: call it with the fields, a way to ask facts, and the present
    moment in the plant's time zone. `names` are the fields that it reads, option codes among
    them."""

    text: str
    names: frozenset[str]
    code: CodeType
    constants: Mapping[str, Any]

    def __call__(
        self, env: Mapping[str, Any], ask: Ask | None = None, now: datetime | None = None
    ) -> Any:
        """Return the value. Raises EvaluationError when there is none."""
        scope = {"_get": env.get, "_ask": ask, "_now": now, **self.constants}
        try:
            # Our own code object, made from an allow-list of nodes; no built-in is in reach.
            return eval(self.code, HELPERS, scope)  # noqa: S307
        except EvaluationError:
            raise
        except _BROKEN as error:
            raise EvaluationError(f"«{self.text}»: {error}") from error


def compile_expression(source: str | Node) -> Compiled:
    """Compile an expression, once for each text. Raises ExpressionError for one that cannot be
    read."""
    return _compiled(source if isinstance(source, str) else source.text)


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Compiled:
    writer = _Writer(parse(text))
    body = ast.fix_missing_locations(ast.Expression(writer.option(writer.node.tree)))
    code = compile(body, "<expression>", "eval")
    return Compiled(text, names(writer.node), code, writer.constants)


class _Writer:
    """Writes the Python tree of an expression, node by node."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.constants: dict[str, Any] = {}
        self.kept = 0

    def write(self, part: ast.expr) -> ast.expr:
        """Return the Python tree of a part."""
        match part:
            case ast.Name(id=name):
                length = self.node.duration(part)
                return _call("_get", ast.Constant(name)) if length is None else self._hold(length)
            case ast.Constant(value=value):
                is_number = not isinstance(value, bool | str)
                return self._hold(Decimal(self.node.source(part)) if is_number else value)
            case ast.Attribute(value=value, attr=attribute):
                return _call("_attribute", self.write(value), ast.Constant(attribute))
            case ast.BoolOp(op=op, values=values):
                return ast.BoolOp(op, [_call("_truth", self.write(value)) for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ast.UnaryOp(ast.Not(), _call("_truth", self.write(operand)))
            case ast.UnaryOp(operand=operand):
                return _call("_negative", self.write(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return _call(_BINARY[type(op)], self.write(left), self.write(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                held = _call("_truth", self.write(test))
                return ast.IfExp(held, self.write(body), self.write(orelse))
            case ast.Compare():
                return self._compare(part)
            case ast.Call():
                return self._called(part)
        raise EvaluationError(f"a {type(part).__name__} is not of this language")

    def option(self, part: ast.expr) -> ast.expr:
        """Write a part that may be the bare code of an option."""
        if isinstance(part, ast.Tuple):
            return ast.Tuple([self.option(item) for item in part.elts], ast.Load())
        if isinstance(part, ast.Name) and self.node.duration(part) is None:
            return _call("_get", ast.Constant(part.id), ast.Constant(part.id))
        if isinstance(part, ast.IfExp):
            held = _call("_truth", self.write(part.test))
            return ast.IfExp(held, self.option(part.body), self.option(part.orelse))
        return self.write(part)

    def _compare(self, part: ast.Compare) -> ast.expr:
        """Write a comparison. In a chain each middle value is computed once and kept: writing it
        twice would double the code with each chain inside a chain."""
        pairs: list[ast.expr] = []
        left = self.option(part.left)
        for at, (op, side) in enumerate(zip(part.ops, part.comparators, strict=True)):
            right = self.option(side)
            after = right
            if at < len(part.ops) - 1:
                self.kept += 1
                after = _name(f"_k{self.kept}")
                right = ast.NamedExpr(ast.Name(f"_k{self.kept}", ast.Store()), right)
            pairs.append(_call(_COMPARES[type(op)], left, right))
            left = after
        return pairs[0] if len(pairs) == 1 else ast.BoolOp(ast.And(), pairs)

    def _called(self, part: ast.Call) -> ast.expr:
        assert isinstance(part.func, ast.Name)
        name = part.func.id
        if name in CLOCKS:
            # Arguments are a mistake that the checker reports; here they make the call fail.
            return _call(f"_f_{name}", _name("_now"), *map(self.write, part.args))
        if name in FUNCTIONS:
            return _call(f"_f_{name}", *map(self.write, part.args))
        arguments = ast.Tuple([self.option(argument) for argument in part.args], ast.Load())
        return _call("_fact", _name("_ask"), ast.Constant(name), arguments)

    def _hold(self, value: Any) -> ast.expr:
        name = f"_c{len(self.constants)}"
        self.constants[name] = value
        return _name(name)


def _name(identifier: str) -> ast.expr:
    return ast.Name(identifier, ast.Load())


def _call(function: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(_name(function), list(arguments), [])
