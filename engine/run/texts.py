"""Texts with holes, compiled once: each hole knows how many digits its number is shown with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.errors import EngineError
from engine.expressions.compile import Ask, Compiled, compile_expression
from engine.expressions.template import parse_template
from engine.languages.message import Message
from engine.model.conversation import Bounds
from engine.model.text import Text
from engine.model.values import Value, show

Decimals = Callable[
    [str], int | None
]  # source text of an expression → digits after the comma, None: as they are


@dataclass(frozen=True, slots=True)
class Shown:
    """A hole of a text: its expression as written and compiled, and its digits."""

    source: str
    code: Compiled
    decimals: int | None


@dataclass(frozen=True, slots=True)
class CompiledText:
    """A text of YAML with its holes. `source` is the text as written, which knows its
    translations."""

    source: str
    holes: tuple[Shown, ...]

    def render(
        self, env: Mapping[str, Value], ask: Ask | None = None, now: datetime | None = None
    ) -> Text:
        """Fill the holes; `ask` answers facts. What people typed stays plain characters."""
        values = {}
        for hole in self.holes:
            value = hole.code(env, ask, now)
            values[hole.source] = (
                value.message if isinstance(value, Text) else show(value, hole.decimals)
            )
        return self._said(values)

    def blank(self, filler: str) -> Text:
        """Return the text with the same words in every hole: what stands for a broken one."""
        return self._said({hole.source: filler for hole in self.holes})

    def _said(self, values: Mapping[str, str]) -> Text:
        source = self.source
        if isinstance(source, Message):
            return Text.of(source.with_values(values) if values else source)
        return Text.of(Message(source, values) if source else source)


class Texts(Mapping[str, CompiledText]):
    """Compiled texts by their source. The same words may stand in two places and be translated in
    two ways: each is given for the place that asks."""

    def __init__(self, sources: Iterable[str], decimals: Decimals) -> None:
        self._texts = {source: compile_text(source, decimals) for source in sources}

    def __getitem__(self, source: str) -> CompiledText:
        found = self._texts[source]
        if isinstance(source, Message) and source.context != getattr(found.source, "context", ""):
            return replace(found, source=source)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def compile_text(source: str, decimals: Decimals) -> CompiledText:
    """Compile a text. Raises EngineError when it is broken: the checker finds that before."""
    try:
        holes = tuple(
            Shown(hole.source, compile_expression(hole.node), decimals(hole.source))
            for hole in parse_template(source).holes
        )
    except ValueError as error:
        raise EngineError(f"broken text «{source}»: {error}") from error
    return CompiledText(source, holes)


def show_limit(bounds: Bounds, decimals: int | None) -> str:
    """Write a limit as people read it.

    >>> from decimal import Decimal
    >>> show_limit(Bounds("t", most=Decimal("-8")), 1)
    '≤ −8,0'
    >>> show_limit(Bounds("t", Decimal("-2"), Decimal(4)), 1)
    '−2,0…4,0'
    """
    if bounds.least is None and bounds.most is None:
        return Message("не определена")
    if bounds.least is None:
        return f"≤ {show(bounds.most, decimals)}"
    if bounds.most is None:
        return f"≥ {show(bounds.least, decimals)}"
    return f"{show(bounds.least, decimals)}…{show(bounds.most, decimals)}"
