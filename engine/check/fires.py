"""Who fires which transition of which record: flows, transitions, timers. Start at `fires_of`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.actions.base import Action
from engine.actions.fire import FireAction
from engine.actions.notify import NotifyAction
from engine.actions.reply import ReplyAction
from engine.actions.task import TaskAction
from engine.check.scope import read
from engine.check.subject import Subject
from engine.expressions.check import infer
from engine.expressions.parse import names
from engine.expressions.types import Record, Type, bare
from engine.load.project import Project
from engine.load.sketch import LifecycleSketch
from engine.load.tree import Path, Tree


@dataclass(frozen=True, slots=True)
class Fire:
    """One place that fires a transition. `key` is the key that names it, `on` the text of the
    record and `found` its type, None when it cannot be told; `conditional` when it need not
    happen."""

    tree: Tree
    path: Path
    key: str
    transition: str
    on: str
    found: Type | None
    conditional: bool
    flow: str = ""
    block: str = ""
    lifecycle: str = ""

    @property
    def kind(self) -> str:
        """The kind of the record, empty when it cannot be told."""
        found = bare(self.found) if self.found is not None else None
        return found.kind if isinstance(found, Record) else ""


def fires_of(subject: Subject) -> Iterator[Fire]:
    """Give every place that fires a transition."""
    types = _types(subject)
    for name, sketch in subject.project.sketches.items():
        for block, actions in sketch.blocks.items():
            for path, action in actions:
                yield from _of(types, sketch.tree, path, action, flow=name, block=block)
    for name, life in subject.project.lives.items():
        for actions in life.blocks.values():
            for path, action in actions:
                yield from _of(types, life.tree, path, action, lifecycle=name)


def _types(subject: Subject) -> dict[tuple[str, Path], Type | None]:
    """Return the types of the records named by `on:` and `about:`."""
    found: dict[tuple[str, Path], Type | None] = {}
    for use in subject.uses:
        if use.path[-1:] not in (("on",), ("about",)):
            continue
        node = read(use.text)
        known = node is not None and use.names.unknown.isdisjoint(names(node))
        kind, problems = infer(node, use.names.scope) if node and known else (None, ())
        found[use.tree.file, use.path] = None if problems else kind
    return found


def _of(
    types: dict[tuple[str, Path], Type | None],
    tree: Tree,
    path: Path,
    action: Action,
    **owner: str,
) -> Iterator[Fire]:
    conditional = action.when is not None or bool(action.each)

    def made(where: Path, key: str, transition: str, on: str, record: Path, sure: bool) -> Fire:
        kind = types.get((tree.file, record))
        return Fire(tree, where, key, transition, on, kind, not sure, **owner)

    if isinstance(action, FireAction):
        yield made(path, "fire", action.fire, action.on, (*path, "on"), not conditional)
    elif isinstance(action, TaskAction):
        for at, name in enumerate(action.buttons):
            where: Path = (*path, "buttons")
            yield made(where, str(at), name, action.about, (*path, "about"), False)
    elif isinstance(action, NotifyAction | ReplyAction):
        for at, button in enumerate(action.buttons):
            if button.fire and button.on is not None:
                where = (*path, "buttons", at)
                yield made(where, "fire", button.fire, button.on, (*where, "on"), False)


def lives_of(project: Project, kind: str) -> tuple[LifecycleSketch, ...]:
    """Return the lifecycles of a record kind."""
    return tuple(life for life in project.lives.values() if life.record == kind)


def leaving(life: LifecycleSketch, state: str) -> dict[str, set[str]]:
    """Return the transitions that leave a state, with the states they reach."""
    found: dict[str, set[str]] = {}
    for name, _, form in life.transitions:
        if state in form.sources:
            found.setdefault(name, set()).add(form.to)
    return found


def fired_by_flow(fires: tuple[Fire, ...], flow: str, life: LifecycleSketch) -> set[str]:
    """Return the transitions of a lifecycle that a flow may fire."""
    return {one.transition for one in fires if one.flow == flow and one.kind == life.record}


def is_partly_read(project: Project) -> bool:
    """Tell whether some flows were left unread: what they fire is not known then."""
    return len(project.sketches) > len(list(project.sketches.values()))
