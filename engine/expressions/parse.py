"""Text → tree. The notation is Python's, so Python's own parser builds the tree, after `words.py`
has let through only the words of this language; then an allow-list of nodes is enforced.

Nothing is ever evaluated from text."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.errors import say
from engine.expressions.words import LONGEST, ExpressionError, Literal, read_words

__all__ = ["ExpressionError", "Node", "calls", "names", "parse"]

DEEPEST = 20
_ALLOWED: tuple[type[ast.AST], ...] = (
    *(ast.Name, ast.Constant, ast.Attribute, ast.Call, ast.Compare, ast.BoolOp, ast.UnaryOp),
    *(ast.BinOp, ast.IfExp, ast.Tuple),
)
_OPERATORS: tuple[type[ast.AST], ...] = (
    *(ast.And, ast.Or, ast.Not, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Eq, ast.NotEq),
    *(ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Load),
)
_SPLIT = "разбейте выражение шагом value"


@dataclass(frozen=True)
class Node:
    """A read expression: its text, its tree, its durations and times of day by the columns where
    they stand."""

    text: str
    tree: ast.expr
    literals: Mapping[int, Literal]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of fields that it reads, option codes among them; functions are not names."""
        parts = tuple(ast.walk(self.tree))
        called = {id(part.func) for part in parts if isinstance(part, ast.Call)}
        return frozenset(
            part.id
            for part in parts
            if isinstance(part, ast.Name) and id(part) not in called and self.literal(part) is None
        )

    def offset(self, node: ast.expr) -> int:
        """Return the column (from 0, in characters) where a part begins."""
        return self._characters(node.col_offset)

    def width(self, node: ast.expr) -> int:
        """Return how many characters a part takes."""
        return max(1, self._characters(node.end_col_offset or 0) - self.offset(node))

    def source(self, node: ast.expr) -> str:
        """Return the text of a part."""
        start = self.offset(node)
        return self.text[start : start + self.width(node)]

    def literal(self, node: ast.expr) -> Literal | None:
        """Return the length of time that a part is, such as `14d`, or the time of day: `07:00`."""
        return self.literals.get(self.offset(node)) if isinstance(node, ast.Name) else None

    def _characters(self, octets: int) -> int:
        """Turn Python's columns, which count octets of UTF-8, into characters."""
        if self.text.isascii():
            return octets
        return len(self.text.encode()[:octets].decode(errors="ignore"))


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """Read an expression. Raises ExpressionError with the place and the remedy."""
    if len(text) > LONGEST:
        message = say(
            "выражение длиннее {longest} знаков: {count}", longest=LONGEST, count=len(text)
        )
        raise ExpressionError(LONGEST, 1, message, _SPLIT)
    if not text.strip():
        raise ExpressionError(0, 1, "пустое выражение", "напишите условие или значение")
    literals: dict[int, Literal] = {}
    node = Node(text, _tree(read_words(text, literals)), literals)
    _check(node, node.tree, 1)
    return node


def _tree(text: str) -> ast.expr:
    indent = len(text) - len(text.lstrip())
    try:
        parsed = ast.parse(text.lstrip(), mode="eval").body
    except SyntaxError as error:
        raise _unread(error, text, indent) from None
    except (MemoryError, RecursionError, ValueError):
        raise ExpressionError(0, len(text), "выражение слишком запутано", _SPLIT) from None
    for part in ast.walk(parsed) if indent else ():
        if isinstance(part, ast.expr):
            part.col_offset += indent
            part.end_col_offset = (part.end_col_offset or 0) + indent
    return parsed


def _unread(error: SyntaxError, text: str, indent: int) -> ExpressionError:
    at = min(max(0, (error.offset or 1) - 1) + indent, len(text) - 1)
    width = (error.end_offset or 0) - (error.offset or 0) if error.end_lineno == 1 else 1
    remedy = "пример: weight > 0 and condition == frozen"
    return ExpressionError(at, min(width, len(text) - at), "выражение не разбирается", remedy)


def _check(node: Node, part: ast.expr, depth: int) -> None:
    def refuse(message: str, remedy: str) -> ExpressionError:
        return ExpressionError(node.offset(part), node.width(part), message, remedy)

    if depth > DEEPEST:
        raise refuse("слишком глубокая вложенность", _SPLIT)
    if not isinstance(part, _ALLOWED):
        raise refuse(
            "так в выражении писать нельзя",
            "есть имена, числа, сравнения, and, or, not, + - * /, if … else и функции",
        )
    if isinstance(part, ast.Constant) and not isinstance(part.value, int | float | str):
        raise refuse("многоточия в выражении не бывает", "назовите поле или значение")
    if isinstance(part, ast.Call) and (part.keywords or not isinstance(part.func, ast.Name)):
        raise refuse("вызвать можно только функцию по имени", "пример: round(weight, 1)")
    if isinstance(part, ast.Tuple) and not part.elts:
        raise refuse("пустой список", "назовите варианты: condition in (chilled, frozen)")
    lists = _lists_of(part)
    for child in ast.iter_child_nodes(part):
        if isinstance(child, ast.Tuple) and child not in lists:
            raise _stray(node, child)
        if isinstance(child, ast.expr):
            _check(node, child, depth + 1)
        elif not isinstance(child, _OPERATORS):
            raise refuse("такого действия нет", "есть + - * /, == != < <= > >=, in, and, or, not")
    if depth == 1 and isinstance(part, ast.Tuple):
        raise _stray(node, part)


def _lists_of(part: ast.AST) -> list[ast.expr]:
    """Return the parts that may be a list in brackets: what stands after `in`."""
    if not isinstance(part, ast.Compare):
        return []
    pairs = zip(part.ops, part.comparators, strict=True)
    return [side for op, side in pairs if isinstance(op, ast.In | ast.NotIn)]


def _stray(node: Node, part: ast.Tuple) -> ExpressionError:
    remedy = "пример: condition in (chilled, frozen)"
    message = "список в скобках бывает только после «in»"
    return ExpressionError(node.offset(part), node.width(part), message, remedy)


def names(node: Node) -> frozenset[str]:
    """Return the names of fields that an expression reads, option codes among them; functions are
    not names. They are looked for once."""
    return node.names


def readings(node: Node) -> list[ast.Name]:
    """Return the places where an expression reads its names, in order."""
    found = [part for part in ast.walk(node.tree) if isinstance(part, ast.Name)]
    called = {id(part.func) for part in ast.walk(node.tree) if isinstance(part, ast.Call)}
    read = (part for part in found if id(part) not in called and node.literal(part) is None)
    return sorted(read, key=node.offset)


def calls(node: Node) -> frozenset[str]:
    """Return the names of functions and facts that an expression calls."""
    return frozenset(
        part.func.id
        for part in ast.walk(node.tree)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
    )
