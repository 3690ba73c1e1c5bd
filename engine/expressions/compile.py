"""Tree → a function of Python. Nodes are generated from an allow-list over dictionary look-ups; the
text is never evaluated.

Where a value is compared, given to a fact, or is the whole expression, a name that is no field
stands for the code of an option; anywhere else it is a value that is not given. What cannot be
computed raises EvaluationError; callers treat it as a violation, never as a pass.

Each expression is compiled twice: with a helper a node (`writer.py`), which says what is wrong, and
with Python's own operators (`native.py`), which is what runs until something does not fit."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from itertools import count
from types import FunctionType
from typing import Any, Protocol, cast

from engine.expressions.functions import BROKEN, HELPERS, EvaluationError
from engine.expressions.native import NativeWriter
from engine.expressions.parse import Node, names, parse
from engine.expressions.writer import ASK, ENV, NOW, Writer, call, load

__all__ = ["Ask", "Compiled", "EvaluationError", "compile_expression"]

Ask = Callable[[str, tuple[Any, ...]], Any]


Exact = Callable[[Mapping[str, Any], Ask | None, datetime | None], Any]


class Compiled(Protocol):
    """An expression ready to run: call it with the fields, a way to ask facts, and the present
    moment in the plant's time zone. `names` are the fields that it reads, option codes among
    them; `exact` is what computes it when something does not fit."""

    text: str
    names: frozenset[str]
    exact: Exact

    def __call__(
        self, env: Mapping[str, Any], ask: Ask | None = None, now: datetime | None = None, /
    ) -> Any:
        """Return the value. Raises EvaluationError when there is none."""
        ...


def compile_expression(source: str | Node) -> Compiled:
    """Compile an expression, once for each text. Raises ExpressionError for one that cannot be
    read."""
    return _compiled(source if isinstance(source, str) else source.text)


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Compiled:
    node = parse(text)

    @cache
    def written() -> FunctionType:
        return _made(Writer, node, {})  # few expressions ever need it

    def exact(env: Mapping[str, Any], ask: Ask | None, now: datetime | None) -> Any:
        try:
            return written()(env, ask, now)
        except EvaluationError:
            raise
        except BROKEN as error:
            raise EvaluationError(f"«{text}»: {error}") from error

    quick = _made(NativeWriter, node, {"_exact": exact})
    quick.__dict__.update(text=text, names=names(node), exact=exact)
    return cast(Compiled, quick)


def _made(kind: type[Writer], node: Node, constants: dict[str, Any]) -> FunctionType:
    """Make a function of an expression; its constants are parameters that have their values."""
    can_try_again = bool(constants)
    body: ast.stmt = ast.Return(kind(node, constants, count()).option(node.tree))
    if can_try_again:
        again = call("_exact", load(ENV), load(ASK), load(NOW))
        handler = ast.ExceptHandler(load("_broken"), None, [ast.Return(again)])
        body = ast.Try([body], [handler], [], [])
    parameters = [ast.arg(name) for name in (ENV, ASK, NOW, *constants)]
    signature = ast.arguments(parameters, [], None, [], [], None, [])
    module = ast.Module([ast.FunctionDef("expression", signature, [body], [])], [])
    code = compile(ast.fix_missing_locations(module), "<expression>", "exec").co_consts[0]
    # Our own code object, made from an allow-list of nodes; no built-in is in reach.
    return FunctionType(code, HELPERS, "expression", (None, None, *constants.values()))
