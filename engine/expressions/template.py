"""Texts with `{expression}` inside; `{{` and `}}` are literal braces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.errors import say
from engine.expressions.parse import ExpressionError, Node, parse

_HOLE = re.compile(r"""\{((?:'[^']*'|"[^"]*"|[^'"{}])*)\}""")  # a brace in quotes closes nothing
_PLAIN = re.compile(r"(?:[^{}]|\{\{|\}\})+")
_ANY_HOLE = re.compile(r"\{([^{}]*)\}")  # for a hole whose quotes do not pair


@dataclass(frozen=True)
class Hole:
    """One hole of a text: the expression, the column where it begins, its text."""

    node: Node
    offset: int
    source: str


@dataclass(frozen=True)
class Template:
    """A text: plain pieces and holes in order."""

    parts: tuple[str | Hole, ...]

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The holes alone."""
        return tuple(part for part in self.parts if isinstance(part, Hole))


def parse_template(text: str) -> Template:
    """Read a text with holes. Raises ExpressionError (code F202) for a broken brace or hole."""
    parts: list[str | Hole] = []
    at = 0
    while at < len(text):
        plain = _PLAIN.match(text, at)
        if plain is not None:
            parts.append(plain[0].replace("{{", "{").replace("}}", "}"))
            at = plain.end()
            continue
        match = _HOLE.match(text, at) or _ANY_HOLE.match(text, at)
        if match is None:
            raise _broken(text, at)
        parts.append(_hole(match[1], match.start(1)))
        at = match.end()
    return Template(tuple(parts))


def _broken(text: str, at: int) -> ExpressionError:
    message = "лишняя «}»" if text[at] == "}" else "нет закрывающей «}»"
    remedy = say("скобка как знак пишется дважды: {text}", text=text[at] * 2)
    return ExpressionError(at, 1, message, remedy, "F202")


def _hole(source: str, offset: int) -> Hole:
    try:
        return Hole(parse(source), offset, source)
    except ExpressionError as error:
        at = offset + error.offset
        raise ExpressionError(at, error.width, error.message, error.hint, "F202") from None
