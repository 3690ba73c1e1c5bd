"""What an expression or a text is to the rules: where it stands, what it may name, what is wanted
of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.check.scope import Names
from engine.expressions.types import Type
from engine.load.tree import Path, Tree


@dataclass(frozen=True, slots=True)
class Use:
    """One expression, or a text with holes, where it is written.

    `wanted` None takes any type; `code` is that of a value of another type, `what` names what
    needs it. `later` maps fields that exist only after this place to the lines of their steps,
    `inner` fields of rows to the lists that they are read through."""

    tree: Tree
    path: Path
    text: str
    names: Names
    wanted: Type | None = None
    offset: int = 0
    code: str = "F310"
    what: str = "здесь"
    consequence: str = ""
    holes: bool = False
    later: Mapping[str, int] | None = None
    inner: Mapping[str, str] | None = None
