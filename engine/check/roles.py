"""F501, F503: people and menus that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.notify import NotifyAction
from engine.check.rule import Example, Rule
from engine.errors import Finding
from engine.expressions.suggest import hint
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.steps.number import NumberStep

SYSTEM, SAME = "system", "same"


def find(project: Project) -> Iterator[Finding]:
    """Look at every role that is named, and at the flows of the menu."""
    for tree, path, role in _named(project):
        if role not in project.project.roles:
            yield Finding(tree.place(path), "F501", f"нет роли «{role}»", hint(role, project.project.roles, "роли"))
    menu = project.tree("menu", "") if project.menu else None
    for at, entry in enumerate(project.menu):
        if menu is not None and entry.flow not in project.flows:
            yield Finding(menu.place((at, "flow")), "F503", f"нет формы «{entry.flow}»",
                          hint(entry.flow, project.flows, "формы"))


def _named(project: Project) -> Iterator[tuple[Tree, Path, str]]:
    for flow in project.flows.values():
        tree = project.tree("flow", flow.flow)
        yield from _listed(tree, ("roles",), flow.roles)
        for at, step in enumerate(flow.steps):
            if isinstance(step, NumberStep) and step.on_deviation:
                yield from _listed(tree, ("steps", at, "on_deviation", "decide"), step.on_deviation.roles)
        for block in ("save", "after"):
            for at, action in enumerate(getattr(flow, block)):
                if isinstance(action, NotifyAction):
                    yield from _listed(tree, (block, at, "notify"), action.roles)
    for at, entry in enumerate(project.menu):
        yield from _listed(project.tree("menu", ""), (at, "roles"), entry.roles)
    for lifecycle in project.lifecycles.values():
        yield from _of_lifecycle(project, lifecycle.lifecycle)
    escalation = project.project.escalation
    for name in ("warn", "breach", "twice"):
        told = getattr(escalation, name)
        if told != SAME:
            yield from _listed(project.tree("project", ""), ("escalation", name), (told,) if isinstance(told, str) else told)


def _of_lifecycle(project: Project, name: str) -> Iterator[tuple[Tree, Path, str]]:
    lifecycle, tree = project.lifecycles[name], project.tree("lifecycle", name)
    for state, form in lifecycle.states.items():
        if form.owner:
            yield tree, ("states", state, "owner"), form.owner
    for transition, forms in lifecycle.transitions.items():
        several = ("transitions", transition, 0) in tree.values
        for at, one in enumerate(forms):
            path: Path = ("transitions", transition, at) if several else ("transitions", transition)
            yield from ((tree, where, role) for _, where, role in _listed(tree, (*path, "by"), one.by) if role != SYSTEM)


def _listed(tree: Tree, path: Path, roles: tuple[str, ...]) -> Iterator[tuple[Tree, Path, str]]:
    alone = (*path, 0) not in tree.values
    for at, role in enumerate(roles):
        yield tree, path if alone else (*path, at), role


RULE = Rule(
    {"F501": "нет такой роли", "F503": "меню ведёт в никуда"},
    find,
    (
        Example("F501", "flows/area/delivery.yaml", "roles: [receiver]", "roles: [reciever]", "roles: [technologist]",
                "reciever", "receiver"),
        Example("F503", "flows/menu.yaml", "flow: delivery", "flow: delivry", "flow: delivery", "delivry", "delivery"),
    ),
)
