"""Text → tree. The notation is Python's, so Python's own parser reads it; then only an allow-list of nodes is let through.

Nothing is ever evaluated from text. Durations such as `14d` are names of equal width for the parser."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

LONGEST, DEEPEST, MOST_DIGITS = 500, 20, 30

_DURATION = re.compile(r"(?<![\w.])([0-9]{1,9})([smhd])(?!\w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_STRINGS = re.compile(r"'[^']*'|\"[^\"]*\"")
_ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Name, ast.Constant, ast.Attribute, ast.Call, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.IfExp,
    ast.Tuple)
_OPERATORS: tuple[type[ast.AST], ...] = (
    ast.And, ast.Or, ast.Not, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Eq, ast.NotEq, ast.Lt, ast.LtE,
    ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Load)


class ExpressionError(ValueError):
    """An expression that cannot be read: where in its text (columns from 0), the code, what, the remedy."""

    def __init__(self, offset: int, width: int, message: str, hint: str = "", code: str = "F301") -> None:
        super().__init__(message)
        self.offset, self.width, self.code, self.message, self.hint = offset, max(1, width), code, message, hint


@dataclass(frozen=True)
class Node:
    """A read expression: its text, its tree, its durations by the column where they stand."""

    text: str
    tree: ast.expr
    durations: Mapping[int, timedelta]

    def offset(self, node: ast.expr) -> int:
        """Return the column (from 0, in characters) where a part begins."""
        return len(self.text.encode()[: node.col_offset].decode(errors="ignore"))

    def width(self, node: ast.expr) -> int:
        """Return how many characters a part takes."""
        end = len(self.text.encode()[: node.end_col_offset or 0].decode(errors="ignore"))
        return max(1, end - self.offset(node))

    def source(self, node: ast.expr) -> str:
        """Return the text of a part."""
        start = self.offset(node)
        return self.text[start:start + self.width(node)]


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """Read an expression. Raises ExpressionError with the place and the remedy."""
    if len(text) > LONGEST:
        raise ExpressionError(LONGEST, 1, f"выражение длиннее {LONGEST} знаков", "разбейте его шагом value")
    if not text.strip():
        raise ExpressionError(0, 1, "пустое выражение", "напишите условие или значение")
    if "\n" in text or "\\" in text or "#" in text or not text.isprintable():
        at = next(i for i, character in enumerate(text) if character in "\\#" or not character.isprintable())
        raise ExpressionError(at, 1, "такого знака в выражении быть не может", "уберите его")
    durations: dict[int, timedelta] = {}
    tree = _tree(_without_durations(text, durations), text)
    node = Node(text, tree, durations)
    _check(node, tree, 1)
    return node


def _without_durations(text: str, durations: dict[int, timedelta]) -> str:
    quoted = [match.span() for match in _STRINGS.finditer(text)]

    def replace(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in quoted):
            return match[0]
        durations[match.start()] = timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
        return "_" * len(match[0])

    return _DURATION.sub(replace, text)


def _tree(text: str, shown: str) -> ast.expr:
    indent = len(text) - len(text.lstrip())
    try:
        parsed = ast.parse(text.lstrip(), mode="eval").body
    except SyntaxError as error:
        at = min(max(0, (error.offset or 1) - 1 + indent), len(shown) - 1)
        raise ExpressionError(at, 1, "выражение не разбирается", _remedy(shown)) from None
    except (MemoryError, RecursionError, ValueError):
        raise ExpressionError(0, len(shown), "выражение слишком запутано", "разбейте его шагом value") from None
    if indent:
        for part in ast.walk(parsed):
            if isinstance(part, ast.expr):
                part.col_offset += indent
                part.end_col_offset = (part.end_col_offset or 0) + indent
    return parsed


def _remedy(text: str) -> str:
    if re.search(r"(?<![=<>!])=(?!=)", text):
        return "сравнение пишется «==»"
    if text.count("(") != text.count(")"):
        return "не хватает скобки"
    if re.search(r"\d,\d", text):
        return "дробь пишется с точкой: 0.5"
    if "&&" in text or "||" in text:
        return "пишите and, or, not"
    return "пример: weight > 0 and condition == frozen"


def _check(node: Node, part: ast.expr, depth: int) -> None:
    if depth > DEEPEST:
        raise ExpressionError(node.offset(part), node.width(part), "слишком глубокая вложенность",
                              "разбейте выражение шагом value")
    if not isinstance(part, _ALLOWED):
        raise ExpressionError(node.offset(part), node.width(part), "так в выражении писать нельзя",
                              "есть имена, числа, сравнения, and, or, not, + - * /, if … else и перечисленные функции")
    if isinstance(part, ast.Constant):
        _check_constant(node, part)
    if isinstance(part, ast.Call) and (part.keywords or not isinstance(part.func, ast.Name)):
        raise ExpressionError(node.offset(part), node.width(part), "вызвать можно только функцию по имени",
                              "пример: round(weight, 1)")
    for child in ast.iter_child_nodes(part):
        if isinstance(child, ast.expr):
            _check(node, child, depth + 1)
        elif not isinstance(child, _OPERATORS):
            raise ExpressionError(node.offset(part), node.width(part), "такого действия нет",
                                  "есть + - * /, == != < <= > >=, in, and, or, not")


def _check_constant(node: Node, part: ast.Constant) -> None:
    if isinstance(part.value, bool | str):
        return
    source = node.source(part)
    if not isinstance(part.value, int | float) or not _NUMBER.fullmatch(source) or len(source) > MOST_DIGITS:
        raise ExpressionError(node.offset(part), node.width(part), f"непонятное число «{source[:20]}»",
                              "числа пишутся так: 12 или 12.5")


def names(node: Node) -> frozenset[str]:
    """Return the names of fields that an expression reads, option codes among them; functions are not names."""
    called = {id(part.func) for part in ast.walk(node.tree) if isinstance(part, ast.Call)}
    return frozenset(part.id for part in ast.walk(node.tree)
                     if isinstance(part, ast.Name) and id(part) not in called
                     and node.offset(part) not in node.durations)


def calls(node: Node) -> frozenset[str]:
    """Return the names of functions and facts that an expression calls."""
    return frozenset(part.func.id for part in ast.walk(node.tree)
                     if isinstance(part, ast.Call) and isinstance(part.func, ast.Name))
