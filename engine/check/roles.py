"""Every word that says who: roles, crews and persons, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from engine.actions.base import ACTOR, Action
from engine.actions.notify import NotifyAction
from engine.actions.task import TaskAction
from engine.expressions.known import PERSON
from engine.load.project import Project
from engine.load.sketch import FlowSketch, LifecycleSketch
from engine.load.tree import Path, Tree
from engine.run.around import crew_named
from engine.schema.lifecycle import SYSTEM
from engine.steps.base import LimitedStep

SAME = "same"
Named = tuple[Tree, Path, str]


class Takes(Enum):
    """What a word that says who may be, beside a role."""

    ROLE = "nothing else"
    RECEIVER = "a crew, the actor, the way to a person"  # of a message or a task of an action
    KEY = "a crew, the program itself, a field that is a person, the way to one"  # of a lifecycle


def named_roles(project: Project) -> Iterator[tuple[Takes, Tree, Path, str]]:
    """Give each word that says who: what it may be, file, path of the value, the word."""
    for takes, words in (
        (Takes.ROLE, _only_roles(project)),
        (Takes.RECEIVER, _receivers(project)),
        (Takes.KEY, life_words(project)),
    ):
        for tree, path, word in words:
            yield takes, tree, path, word


def is_known(project: Project, takes: Takes, word: str, record: str) -> bool:
    """Tell whether a word says who at its place; `record` is the kind of a lifecycle's record.
    Whether there is such a crew, and whether a way leads to a person, is found elsewhere."""
    if word in project.project.roles:
        return True
    if takes is Takes.ROLE:
        return False
    path = word.split(".")  # a way from a field to a person, not a sentence
    if crew_named(word) is not None or (len(path) > 1 and all(map(str.isidentifier, path))):
        return True
    if takes is Takes.RECEIVER:
        return word == ACTOR
    return word == SYSTEM or is_field(project, word, record)


def is_field(project: Project, word: str, record: str) -> bool:
    """Tell whether a word is a field of a record that is a person."""
    field = project.vocabulary.records.get(record, {}).get(word, "")
    return field.rstrip("?") == PERSON


def life_words(project: Project) -> Iterator[Named]:
    """Give the words of the own keys of all lifecycles."""
    for life in project.lives.values():
        yield from of_lifecycle(life)


def _only_roles(project: Project) -> Iterator[Named]:
    for sketch in project.sketches.values():
        yield from _of_flow(sketch)
    for at, entry in project.entries:
        yield from listed(project.tree("menu"), (at, "roles"), entry.roles)
    for report in project.reports.values():
        yield from listed(project.tree("report", report.report), ("roles",), report.roles)
    for crew, lines in project.project.crews.items():
        for at, line in enumerate(lines):
            yield project.tree("project"), ("crews", crew, at, "role"), line.role
    for duty, roles in project.project.duties.items():
        yield from listed(project.tree("project"), ("duties", duty), roles)
    for name in ("warn", "breach", "twice", "last"):
        told = getattr(project.project.escalation, name)
        if told != SAME:
            roles = (told,) if isinstance(told, str) else told
            yield from listed(project.tree("project"), ("escalation", name), roles)


def _receivers(project: Project) -> Iterator[Named]:
    for flow in project.sketches.values():
        crew = flow.tree.at(("crew",))
        if isinstance(crew, str):  # who may start it
            yield flow.tree, ("crew",), f"crew({crew})"
    sketches: tuple[FlowSketch | LifecycleSketch, ...]
    sketches = (*project.sketches.values(), *project.lives.values())
    for sketch in sketches:
        for actions in sketch.blocks.values():
            for path, action in actions:
                yield from _of_action(sketch.tree, path, action)


def flow_roles(sketch: FlowSketch) -> tuple[str, ...]:
    """Return the roles that may start a flow, as far as they could be read."""
    roles = sketch.tree.at(("roles",))
    return tuple(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else ()


def _of_flow(sketch: FlowSketch) -> Iterator[Named]:
    tree = sketch.tree
    yield from listed(tree, ("roles",), flow_roles(sketch))
    for path, step in sketch.steps:
        if isinstance(step, LimitedStep) and step.on_deviation is not None:
            asked = (*path, "on_deviation")
            yield from listed(tree, (*asked, "decide"), step.on_deviation.roles)
            yield from listed(tree, (*asked, "breach_also"), step.on_deviation.told_at_breach)


def of_lifecycle(life: LifecycleSketch) -> Iterator[Named]:
    """Give the words of a lifecycle's own keys; those of its actions are not among them."""
    for state, form in life.states.items():
        if form.owner:
            yield life.tree, ("states", state, "owner"), form.owner
        tasks = life.tree.at(("states", state, "tasks"))
        for task in form.tasks:
            at = position(tasks, "kind", task.kind)
            yield from listed(life.tree, ("states", state, "tasks", at, "for"), task.for_)
    for _, path, transition in life.transitions:
        where: Path = (*path, "by")
        if isinstance(life.tree.at(where), dict):
            where = (*where, "roles")
        yield from listed(life.tree, where, transition.by.roles)
        if transition.sign is not None:
            yield from listed(life.tree, (*path, "sign", "by"), transition.sign.by)


def _of_action(tree: Tree, path: Path, action: Action) -> Iterator[Named]:
    if isinstance(action, NotifyAction):
        yield from listed(tree, (*path, "notify"), action.receivers)
    elif isinstance(action, TaskAction):
        yield from listed(tree, (*path, "for"), action.receivers)


def position(data: object, key: str, name: str) -> int:
    """Return where the item of a list whose `key` is `name` stands, though broken ones were left
    out."""
    items = data if isinstance(data, list) else []
    found = (at for at, one in enumerate(items) if isinstance(one, dict) and one.get(key) == name)
    return next(found, 0)


def listed(tree: Tree, path: Path, roles: tuple[str, ...]) -> Iterator[Named]:
    """Give the roles of a value that is one role or a list of them."""
    for at, role in enumerate(roles):
        inner: Path = (*path, at)
        yield tree, inner if inner in tree.values else path, role
