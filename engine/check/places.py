"""The places that states occupy: each text with holes, and the resources that it can name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.check.life_uses import names_of
from engine.check.scope import read
from engine.check.subject import Subject
from engine.expressions.check import infer
from engine.expressions.parse import ExpressionError
from engine.expressions.template import Hole, parse_template
from engine.expressions.types import Choice, bare
from engine.load.project import Project
from engine.load.sketch import LifecycleSketch
from engine.load.tree import Path, Tree


@dataclass(frozen=True, slots=True)
class PlaceUse:
    """One text of `occupies:`. `missing` are names that it makes and no resource has; `matches`
    the resources that it can name; `with_place` tells whether it names a place after a slash."""

    tree: Tree
    path: Path
    text: str
    missing: tuple[str, ...]
    matches: tuple[str, ...]
    with_place: bool


def places_of(subject: Subject) -> Iterator[PlaceUse]:
    """Give the places of every state."""
    project = subject.project
    for life in project.lives.values():
        for state, form in life.states.items():
            for at, text in enumerate(form.occupies):
                path: Path = ("states", state, "occupies", at)
                try:
                    yield _place(project, life, path, text)
                except ExpressionError:
                    continue  # a finding of its own


def _place(project: Project, life: LifecycleSketch, path: Path, text: str) -> PlaceUse:
    made = [""]
    for part in parse_template(text).parts:
        words = [re.escape(part)] if isinstance(part, str) else _words(project, life, part)
        made = [one + word for one in made for word in words]
    known = tuple(project.project.resources)
    found: dict[str, None] = {}
    missing = []
    for pattern in made:
        bare_pattern, _, _ = pattern.partition("/")
        fitting = [name for name in known if re.fullmatch(bare_pattern, name)]
        found |= dict.fromkeys(fitting)
        if not fitting:
            missing.append(re.sub(r"\\(.)", r"\1", bare_pattern).replace(".+", "…"))
    return PlaceUse(life.tree, path, text, tuple(missing), tuple(found), "/" in text)


def _words(project: Project, life: LifecycleSketch, hole: Hole) -> list[str]:
    """Return the patterns that a hole can make: its options, or anything."""
    node = read(hole.source)
    found, problems = infer(node, names_of(project, life, loose=True).scope) if node else (None, ())
    kind = bare(found) if found is not None and not problems else None
    return [re.escape(one) for one in kind.options] if isinstance(kind, Choice) else [".+"]
