"""F604: a transition that the lifecycle of the record does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.fire import FireAction
from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.check import infer
from engine.expressions.parse import names
from engine.expressions.suggest import hint
from engine.expressions.types import Record, Type, title
from engine.load.project import Project
from engine.load.tree import Path, Tree


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every `fire`; its record is known by the type of `on`."""
    on = {(use.tree.file, use.path): use for use in subject.uses if use.path[-1:] == ("on",)}
    for sketch in subject.project.sketches.values():
        for actions in sketch.blocks.values():
            for path, action in actions:
                use = on.get((sketch.tree.file, (*path, "on")))
                node = read(use.text) if use else None
                if not isinstance(action, FireAction) or use is None or node is None:
                    continue
                if not use.names.unknown.isdisjoint(names(node)):
                    continue
                found, problems = infer(node, use.names.scope)
                if found is not None and not problems:
                    yield from _fired(subject.project, sketch.tree, path, action, found)


def _fired(
    project: Project, tree: Tree, path: Path, action: FireAction, found: Type
) -> Iterator[Finding]:
    if not isinstance(found, Record):
        message = say("переход делают с записью, а это: {found}", found=title(found))
        yield Finding(
            tree.place((*path, "on")), "F604", message, "назовите результат «as:» или поле pick"
        )
        return
    lives = [life for life in project.lives.values() if life.record == found.kind]
    if any(not life.whole for life in lives) or (not lives and _is_broken(project)):
        return
    known = list(dict.fromkeys(name for life in lives for name, _, _ in life.transitions))
    if not lives:
        message = say("у записи «{kind}» нет жизненного цикла", kind=found.kind)
        remedy = say("создайте lifecycles/{kind}.yaml или уберите «fire»", kind=found.kind)
        yield Finding(tree.place((*path, "fire")), "F604", message, remedy)
    elif action.fire not in known:
        message = say("у записи «{kind}» нет перехода «{fire}»", kind=found.kind, fire=action.fire)
        remedy = hint(action.fire, known, "переходы")
        yield Finding(tree.place((*path, "fire")), "F604", message, remedy)


def _is_broken(project: Project) -> bool:
    return any(kind == "lifecycle" for kind, _ in project.broken)


RULE = Rule(
    "F604",
    "нет такого перехода",
    find,
    (
        Example(FLOW, "fire: accept", "fire: acept", "fire: close", "acept", "accept"),
        Example(FLOW, "on: taken", "on: weight", "on:  taken", "weight", "as:"),
    ),
    "Перехода с таким именем нет: сохранение формы отказало бы в самом конце.",
)
