"""Texts with holes, compiled once: each hole knows how many digits its number is shown with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.errors import EngineError
from engine.expressions.compile import Ask, Compiled, compile_expression
from engine.expressions.template import Hole, parse_template
from engine.model.conversation import Bounds
from engine.model.text import Text
from engine.model.values import Value, show

Decimals = Callable[
    [str], int | None
]  # source text of an expression → digits after the comma, None: as they are


@dataclass(frozen=True, slots=True)
class Shown:
    """A hole of a text: its expression and its digits."""

    code: Compiled
    decimals: int | None


@dataclass(frozen=True, slots=True)
class CompiledText:
    """A text of YAML: plain pieces and holes, in order."""

    parts: tuple[str | Shown, ...]

    def render(
        self, env: Mapping[str, Value], ask: Ask | None = None, now: datetime | None = None
    ) -> Text:
        """Fill the holes; `ask` answers facts. What people typed stays plain characters."""
        text = Text()
        for part in self.parts:
            if isinstance(part, str):
                text = text + part
            else:
                value = part.code(env, ask, now)
                text = text + (
                    str(value) if isinstance(value, Text) else show(value, part.decimals)
                )
        return text

    def blank(self, filler: str) -> Text:
        """Return the text with the same words in every hole: what stands for a broken one."""
        return Text.of("".join(part if isinstance(part, str) else filler for part in self.parts))


def compile_text(source: str, decimals: Decimals) -> CompiledText:
    """Compile a text. Raises EngineError when it is broken: the checker finds that before."""
    parts: list[str | Shown] = []
    try:
        for part in parse_template(source).parts:
            if isinstance(part, Hole):
                parts.append(Shown(compile_expression(part.node), decimals(part.source)))
            else:
                parts.append(part)
    except ValueError as error:
        raise EngineError(f"broken text «{source}»: {error}") from error
    return CompiledText(tuple(parts))


def show_limit(bounds: Bounds, decimals: int | None) -> str:
    """Write a limit as people read it.

    >>> from decimal import Decimal
    >>> show_limit(Bounds("t", most=Decimal("-8")), 1)
    '≤ −8,0'
    >>> show_limit(Bounds("t", Decimal("-2"), Decimal(4)), 1)
    '−2,0…4,0'
    """
    if bounds.least is None and bounds.most is None:
        return "не определена"
    if bounds.least is None:
        return f"≤ {show(bounds.most, decimals)}"
    if bounds.most is None:
        return f"≥ {show(bounds.least, decimals)}"
    return f"{show(bounds.least, decimals)}…{show(bounds.most, decimals)}"
