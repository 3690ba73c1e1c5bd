"""Every role that a project names, with its place."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.notify import NotifyAction
from engine.load.project import Project
from engine.load.sketch import FlowSketch, LifecycleSketch
from engine.load.tree import Path, Tree
from engine.steps.number import NumberStep

SYSTEM, SAME = "system", "same"
Named = tuple[Tree, Path, str]


def named_roles(project: Project) -> Iterator[Named]:
    """Give each role that is named: file, path of the value, role."""
    for sketch in project.sketches.values():
        yield from _of_flow(sketch)
    for at, entry in project.entries:
        yield from listed(project.tree("menu"), (at, "roles"), entry.roles)
    for life in project.lives.values():
        yield from _of_lifecycle(life)
    for report in project.reports.values():
        yield from listed(project.tree("report", report.report), ("roles",), report.roles)
    for name in ("warn", "breach", "twice"):
        told = getattr(project.project.escalation, name)
        if told != SAME:
            roles = (told,) if isinstance(told, str) else told
            yield from listed(project.tree("project"), ("escalation", name), roles)


def flow_roles(sketch: FlowSketch) -> tuple[str, ...]:
    """Return the roles that may start a flow, as far as they could be read."""
    roles = sketch.tree.at(("roles",))
    return tuple(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else ()


def _of_flow(sketch: FlowSketch) -> Iterator[Named]:
    tree = sketch.tree
    yield from listed(tree, ("roles",), flow_roles(sketch))
    for path, step in sketch.steps:
        if isinstance(step, NumberStep) and step.on_deviation is not None:
            yield from listed(tree, (*path, "on_deviation", "decide"), step.on_deviation.roles)
    for actions in sketch.blocks.values():
        for path, action in actions:
            if isinstance(action, NotifyAction):
                yield from listed(tree, (*path, "notify"), action.roles)


def _of_lifecycle(life: LifecycleSketch) -> Iterator[Named]:
    for state, form in life.states.items():
        if form.owner:
            yield life.tree, ("states", state, "owner"), form.owner
    for _, path, transition in life.transitions:
        for named in listed(life.tree, (*path, "by"), transition.by.roles):
            if named[2] != SYSTEM:
                yield named


def listed(tree: Tree, path: Path, roles: tuple[str, ...]) -> Iterator[Named]:
    """Give the roles of a value that is one role or a list of them."""
    for at, role in enumerate(roles):
        inner: Path = (*path, at)
        yield tree, inner if inner in tree.values else path, role
