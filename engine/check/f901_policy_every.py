"""F901: a step or a transition without what the quality department asks of every one."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD, POLICIES
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.schema.lifecycle import Transition
from engine.schema.policies import Policy
from engine.steps.registry import KINDS as STEPS


def find(subject: Subject) -> Iterator[Finding]:
    """Hold every step and transition to the rules `every … has …`."""
    project = subject.project
    for at, policy in project.policies:
        if policy.every is None:
            continue
        unknown = _unknown(project, at, policy)
        if unknown is not None:
            yield unknown
            continue
        for tree, path, name in _about(project, policy.every):
            for key in policy.has:
                given = tree.at((*path, key))
                if given in (None, "", "false", [], {}):
                    line = project.tree("policies").place((at,)).line
                    message = say("правило отдела качества: у «{name}» должно быть «{key}»",
                                  name=name, key=key)  # fmt: skip
                    remedy = say("добавьте «{key}:»; правило в policies.yaml, строка {line}",
                                 key=key, line=line)  # fmt: skip
                    place = tree.key(path) if tree.keys.get(path) else tree.place(path)
                    yield Finding(place, "F901", message, remedy)


def _unknown(project: Project, at: int, policy: Policy) -> Finding | None:
    """Return what is wrong with a rule that is about nothing."""
    every = policy.every or {}
    tree = project.tree("policies")
    if "step" in every:
        kind, known = every["step"], list(STEPS)
        fields = set(STEPS[kind].model_fields) if kind in STEPS else set()
        path: Path = (at, "every", "step")
    else:
        kind = every["transition"]
        known = list(
            dict.fromkeys(
                name for life in project.lives.values() for name, _, _ in life.transitions
            )
        )
        fields = {field.alias or name for name, field in Transition.model_fields.items()}
        path = (at, "every", "transition")
    if kind not in known and not project.broken:
        message = say("правило ни о чём: «{kind}» нигде нет", kind=kind)
        return Finding(tree.place(path), "F901", message, hint(kind, known))
    for key in policy.has:
        if fields and key not in fields:
            message = say("ключа «{key}» у этого не бывает", key=key)
            return Finding(tree.place((at, "has")), "F901", message, hint(key, sorted(fields)))
    return None


def _about(project: Project, every: dict[str, str]) -> Iterator[tuple[Tree, Path, str]]:
    """Give what a rule is about: the file, the path, the name."""
    others = {key: value for key, value in every.items() if key not in ("step", "transition")}

    def fits(tree: Tree, path: Path) -> bool:
        return all(str(tree.at((*path, key))) == value for key, value in others.items())

    if "step" in every:
        for sketch in project.sketches.values():
            for path, step in sketch.steps:
                if step.kind == every["step"] and fits(sketch.tree, path):
                    yield sketch.tree, path, step.name
        return
    for life in project.lives.values():
        for name, path, _ in life.transitions:
            if name == every["transition"] and fits(life.tree, path):
                yield life.tree, path, name


RULE = Rule(
    "F901",
    "правило отдела качества нарушено",
    find,
    (
        Example(
            LOAD,
            "  give_up: {title: Отказаться, from: loading, to: lost, by: crew(loaders), "
            "reason: true}",
            "  give_up: {title: Отказаться, from: loading, to: lost, by: crew(loaders)}",
            "  give_up: {title: Отказаться, from: loading, to: lost, by: crew(loaders), "
            "reason: optional}",
            "give_up",
            "reason",
        ),
        Example(
            POLICIES,
            "{transition: give_up}",
            "{transition: give_in}",
            "{transition: give_up }",
            "give_in",
            "give_up",
        ),
        Example(POLICIES, "has: reason", "has: reasons", "has: [reason]", "reasons", "reason"),
    ),
    "Отдел качества требует этого от каждой формы: без него запись не примет проверка.",
)
