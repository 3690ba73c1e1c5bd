"""The buttons of the menu that start flows, each with its place; and the expressions of all."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.scope import base_names
from engine.check.step_uses import with_given
from engine.check.use import Use
from engine.expressions.types import Number, Truth
from engine.load.project import Project
from engine.load.tree import Path
from engine.schema.menu import MenuLeaf


def buttons(project: Project) -> Iterator[tuple[Path, MenuLeaf]]:
    """Give every button that starts a flow, those of sub-menus too."""
    for path, leaf in _all(project):
        if leaf.flow:
            yield path, leaf


def _all(project: Project) -> Iterator[tuple[Path, MenuLeaf]]:
    for at, entry in project.entries:
        yield from _of((at,), entry)


def _of(path: Path, entry: MenuLeaf) -> Iterator[tuple[Path, MenuLeaf]]:
    """Give a button and those of its sub-menus."""
    yield path, entry
    for at, leaf in enumerate(entry.entries):
        yield from _of((*path, "entries", at), leaf)


def uses_of_menu(project: Project) -> Iterator[Use]:
    """Give every expression of the menu; it knows facts and no field."""
    names = base_names(project)
    for path, leaf in _all(project):
        tree = project.tree("menu")
        if leaf.when is not None:
            yield Use(tree, (*path, "when"), leaf.when, names, Truth())
        if leaf.count is not None:
            yield Use(tree, (*path, "count"), leaf.count, names, Number())
        if leaf.flow:
            yield from with_given(project, tree, (*path, "with"), leaf.flow, leaf.with_, names)
