"""Tree → code object. Nodes are generated from an allow-list over dictionary look-ups; text is never evaluated.

A name that is no field stands for the code of an option. Anything that cannot be computed raises EvaluationError; callers
treat it as a violation, never as a pass."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from types import CodeType
from typing import Any

from engine.expressions.functions import FUNCTIONS, HELPERS, EvaluationError
from engine.expressions.parse import Node, parse

__all__ = ["Compiled", "EvaluationError", "compile_expression"]

Ask = Callable[[str, tuple[Any, ...]], Any]
_COMPARES: dict[type[ast.cmpop], str] = {
    ast.Eq: "_eq", ast.NotEq: "_ne", ast.Lt: "_lt", ast.LtE: "_le", ast.Gt: "_gt", ast.GtE: "_ge", ast.In: "_in",
    ast.NotIn: "_not_in"}
_BINARY: dict[type[ast.operator], str] = {ast.Add: "_add", ast.Sub: "_sub", ast.Mult: "_mul", ast.Div: "_div"}


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to run: call it with the fields, a way to ask facts, and the present moment."""

    text: str
    code: CodeType
    constants: Mapping[str, Any]

    def __call__(self, env: Mapping[str, Any], ask: Ask | None = None, now: datetime | None = None) -> Any:
        """Return the value. Raises EvaluationError when there is none."""
        scope = {"_env": env, "_ask": ask, "_now": now, **self.constants}
        try:
            return eval(self.code, HELPERS, scope)  # noqa: S307 - our own code object, made from an allow-list
        except EvaluationError:
            raise
        except (ArithmeticError, TypeError, ValueError, LookupError, AttributeError, OverflowError) as error:
            raise EvaluationError(f"«{self.text}»: {error}") from error


def compile_expression(source: str | Node) -> Compiled:
    """Compile an expression, once for each text. Raises ExpressionError for one that cannot be read."""
    return _compiled(source if isinstance(source, str) else source.text)


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Compiled:
    writer = _Writer(parse(text))
    body = ast.Expression(writer.write(writer.node.tree))
    return Compiled(text, compile(ast.fix_missing_locations(body), "<expression>", "eval"), writer.constants)


class _Writer:
    """Writes the Python tree of an expression, node by node."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.constants: dict[str, Any] = {}

    def write(self, part: ast.expr) -> ast.expr:
        """Return the Python tree of a part."""
        match part:
            case ast.Name(id=name):
                at = self.node.offset(part)
                if at in self.node.durations:
                    return self._constant(self.node.durations[at])
                return _call("_name", _name("_env"), ast.Constant(name))
            case ast.Constant(value=value):
                is_number = not isinstance(value, bool | str)
                return self._constant(Decimal(self.node.source(part)) if is_number else value)
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
                return ast.IfExp(_call("_truth", self.write(test)), self.write(body), self.write(orelse))
            case ast.Tuple(elts=items):
                return ast.Tuple([self.write(item) for item in items], ast.Load())
            case ast.Compare():
                return self._compare(part)
            case ast.Call():
                return self._called(part)
        raise EvaluationError(f"a {type(part).__name__} is not of this language")

    def _compare(self, part: ast.Compare) -> ast.expr:
        sides = [self.write(side) for side in (part.left, *part.comparators)]
        pairs = [_call(_COMPARES[type(op)], sides[at], sides[at + 1]) for at, op in enumerate(part.ops)]
        return pairs[0] if len(pairs) == 1 else ast.BoolOp(ast.And(), list(pairs))

    def _called(self, part: ast.Call) -> ast.expr:
        assert isinstance(part.func, ast.Name)
        name, arguments = part.func.id, [self.write(argument) for argument in part.args]
        if name in ("today", "now", "production_day"):
            return _call(f"_{name}", _name("_now"))
        if name in FUNCTIONS:
            return _call(f"_f_{name}", *arguments)
        return _call("_fact", _name("_ask"), ast.Constant(name), ast.Tuple(arguments, ast.Load()))

    def _constant(self, value: Any) -> ast.expr:
        name = f"_c{len(self.constants)}"
        self.constants[name] = value
        return _name(name)


def _name(identifier: str) -> ast.expr:
    return ast.Name(identifier, ast.Load())


def _call(function: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(_name(function), list(arguments), [])
