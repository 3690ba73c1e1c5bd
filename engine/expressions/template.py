"""Texts with `{expression}` inside; `{{` and `}}` are literal braces."""

from __future__ import annotations

from dataclasses import dataclass

from engine.expressions.parse import ExpressionError, Node, parse


@dataclass(frozen=True)
class Hole:
    """One hole of a text: the expression, its text, the column where it begins."""

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
    plain, at = "", 0
    while at < len(text):
        pair = text[at:at + 2]
        if pair in ("{{", "}}"):
            plain, at = plain + pair[0], at + 2
        elif text[at] == "}":
            raise ExpressionError(at, 1, "лишняя «}»", "скобка как знак пишется дважды: }}", "F202")
        elif text[at] == "{":
            end = text.find("}", at)
            if end < 0:
                raise ExpressionError(at, 1, "нет закрывающей «}»", "скобка как знак пишется дважды: {{", "F202")
            if plain:
                parts.append(plain)
                plain = ""
            parts.append(_hole(text[at + 1:end], at + 1))
            at = end + 1
        else:
            plain, at = plain + text[at], at + 1
    if plain:
        parts.append(plain)
    return Template(tuple(parts))


def _hole(source: str, offset: int) -> Hole:
    try:
        return Hole(parse(source), offset, source)
    except ExpressionError as error:
        raise ExpressionError(offset + error.offset, error.width, error.message, error.hint, "F202") from None
