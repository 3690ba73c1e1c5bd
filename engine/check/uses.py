"""Every expression and every text with holes of a project: where it stands, what it may name,
what is wanted of it. Start at `uses_of`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from engine.check.action_uses import of_actions
from engine.check.life_uses import uses_of_lives
from engine.check.scope import (
    DEVIATION_WORDS,
    VERDICT_WORDS,
    Names,
    StepNames,
    base_names,
    block_names,
    field_type,
    flow_scope,
    names_after,
    read,
    texts,
)
from engine.check.use import Use, given_type
from engine.errors import say
from engine.expressions.known import type_of
from engine.expressions.types import Number, Optional, Truth
from engine.load.project import Project
from engine.load.sketch import FlowSketch
from engine.load.tree import Path, Tree
from engine.schema.limits import Limit
from engine.steps.bounds import BoundedStep
from engine.steps.number import NumberStep
from engine.steps.value import ValueStep

NEVER_ASKED = "без исправления вопрос не задавался бы никогда"
PAPER_WORDS = ("now_date", "draft")  # every document has them beside its own fields


def uses_of(project: Project) -> Iterator[Use]:
    """Give every expression and every text of the project."""
    for sketch in project.sketches.values():
        lines = {step.name: sketch.tree.place(path).line for path, step in sketch.steps}
        for use in _of_flow(project, sketch):
            known = use.names.scope.fields
            later = {name: line for name, line in lines.items() if name not in known}
            yield replace(use, later=later)
    for name, limit in project.limits.items():
        yield from _of_limit(project, name, limit)
    yield from uses_of_lives(project)
    yield from _of_documents(project)


def _of_flow(project: Project, sketch: FlowSketch) -> Iterator[Use]:
    tree, steps = sketch.tree, flow_scope(project, sketch)
    last = steps[-1].after if steps else replace(base_names(project), unknown=sketch.lost)
    for one in steps:
        yield from _of_step(project, tree, one)
        if isinstance(one.step, NumberStep) and one.step.on_deviation is not None:
            yield from _of_deviation(tree, one)
            for code in one.step.on_deviation.answers:
                actions = sketch.blocks[f"answer:{one.step.name}:{code}"]
                yield from of_actions(project, tree, actions, block_names(last, one))
    names = block_names(last)
    yield from of_actions(project, tree, sketch.blocks["save"], names)
    names = names_after(project, sketch.blocks["save"], names)
    yield from of_actions(project, tree, sketch.blocks["after"], names)


def _of_step(project: Project, tree: Tree, one: StepNames) -> Iterator[Use]:
    step, path, names = one.step, one.path, one.before
    for key in ("prompt", "hint"):
        yield Use(tree, (*path, key), getattr(step, key), names, holes=True)
    if step.when is not None:
        yield Use(tree, (*path, "when"), step.when, names, Truth(), consequence=NEVER_ASKED)
    if step.otherwise is not None:
        kind = field_type(project, step, names)
        wanted = Optional(kind) if kind else None
        yield Use(tree, (*path, "otherwise"), step.otherwise, names, wanted)
    held = names.holding(step.when)
    if isinstance(step, ValueStep):
        yield Use(tree, (*path, "is"), step.is_, held, Number(step.unit) if step.unit else None)
    if isinstance(step, BoundedStep):
        kind = step.result({})
        for at, bound in enumerate(step.range or ()):
            yield Use(tree, (*path, "range", at), bound, held, kind)
        for title, value in step.buttons.items():
            yield Use(tree, (*path, "buttons", title), value, held, Optional(kind))
    if isinstance(step, NumberStep) and step.limit is not None:
        yield from _of_limit_call(project, tree, (*path, "limit"), step.limit, held)


def limit_call(text: str) -> tuple[str, tuple[tuple[str, int], ...]] | None:
    """Return the name of a limit and its arguments, each with its offset; None for anything
    else."""
    node = read(text)
    if node is None:
        return None
    match node.tree:
        case ast.Name(id=name):
            return name, ()
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return name, tuple((node.source(one), node.offset(one)) for one in arguments)
        case _:
            return None


def _of_limit_call(
    project: Project, tree: Tree, path: Path, text: str, names: Names
) -> Iterator[Use]:
    call = limit_call(text)
    if call is None:
        if read(text) is None:
            yield Use(tree, path, text, names)
        return
    limit = project.limits.get(call[0])
    if limit is None or len(limit.given) != len(call[1]):
        return
    for (source, offset), (name, notation) in zip(call[1], limit.given.items(), strict=True):
        kind = given_type(notation)
        what = say("лимиту «{limit}» для «{name}»", limit=call[0], name=name)
        yield Use(tree, path, source, names, kind, offset, "F704", what)


def _of_deviation(tree: Tree, one: StepNames) -> Iterator[Use]:
    deviation = one.step.on_deviation if isinstance(one.step, NumberStep) else None
    if deviation is None:
        return
    path: Path = (*one.path, "on_deviation")
    for at, name in enumerate(deviation.show):
        yield Use(tree, (*path, "show", at), name, one.after)
    asked = one.after.plus(texts(DEVIATION_WORDS))
    yield Use(tree, (*path, "waiting"), deviation.waiting, asked, holes=True)
    for code, answer in deviation.answers.items():
        decided = one.after.plus(texts(VERDICT_WORDS))
        yield Use(tree, (*path, "answers", code, "say"), answer.say, decided, holes=True)


def _of_limit(project: Project, name: str, limit: Limit) -> Iterator[Use]:
    kinds = {key: given_type(notation) for key, notation in limit.given.items()}
    names = base_names(project).plus({key: kind for key, kind in kinds.items() if kind})
    names = replace(names, unknown=frozenset(key for key, kind in kinds.items() if kind is None))
    for at, line in enumerate(limit.values):
        if line.when is not None:
            path = (name, "values", at, "when")
            yield Use(project.tree("limits"), path, line.when, names, Truth())


def _of_documents(project: Project) -> Iterator[Use]:
    for document in project.documents.values():
        tree = project.tree("document", document.document)
        names = base_names(project)
        fields = project.vocabulary.records.get(document.record)
        if fields is not None:
            known = names.plus({name: type_of(kind) for name, kind in fields.items()})
            for name, text in document.fields.items():
                yield Use(tree, ("fields", name), text, known)
        words = texts((*document.fields, *PAPER_WORDS))
        yield Use(tree, ("file",), document.file, names.plus(words), holes=True)
