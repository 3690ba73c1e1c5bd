"""Every expression and every text of a project, with its place, its scope and the type that is wanted of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.actions.base import Action
from engine.actions.document import DocumentAction
from engine.actions.fire import FireAction
from engine.actions.run import RunAction
from engine.check.scope import (
    DEVIATION_WORDS,
    VERDICT_WORDS,
    after_steps,
    base_scope,
    held_by,
    results,
    steps_with_scopes,
    texts,
    with_fields,
)
from engine.expressions.check import Scope
from engine.expressions.types import Date, Number, Record, Truth, Type, read_type
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.schema.flow import Flow, answer_actions
from engine.steps.base import Step
from engine.steps.date import DateStep
from engine.steps.number import NumberStep
from engine.steps.value import ValueStep

NEVER_ASKED = "без исправления вопрос не задавался бы никогда"


@dataclass(frozen=True, slots=True)
class Use:
    """One expression (or text) where it is written. `wanted` None takes any type; `consequence` is said beside."""

    tree: Tree
    path: Path
    text: str
    scope: Scope
    wanted: Type | None = None
    consequence: str = ""
    later: frozenset[str] = frozenset()  # fields that exist, but only after this place


def expressions(project: Project) -> Iterator[Use]:
    """Give every expression of the project."""
    for flow in project.flows.values():
        tree = project.tree("flow", flow.flow)
        names = frozenset(step.name for step in flow.steps)
        for use in _of_flow(project, flow, tree):
            yield replace(use, later=names - set(use.scope.fields))
    yield from _of_limits(project)
    yield from _of_lifecycles(project)
    yield from _of_documents(project)


def _of_flow(project: Project, flow: Flow, tree: Tree) -> Iterator[Use]:
    for at, step, scope, after in steps_with_scopes(project, flow):
        yield from _of_step(tree, ("steps", at), step, scope, after)
        if isinstance(step, NumberStep) and step.on_deviation:
            for code, answer in step.on_deviation.answers.items():
                path: Path = ("steps", at, "on_deviation", "answers", code, "save")
                known = with_fields(after, after_steps(project, flow).fields)
                yield from _of_actions(project, tree, path, answer_actions(answer), known)
    scope = after_steps(project, flow)
    yield from _of_actions(project, tree, ("save",), flow.save, scope)
    for _, _, scope_after in results(project, flow.save, scope):
        scope = scope_after
    yield from _of_actions(project, tree, ("after",), flow.after, scope)


def _of_step(tree: Tree, path: Path, step: Step, scope: Scope, after: Scope) -> Iterator[Use]:
    if step.when is not None:
        yield Use(tree, (*path, "when"), step.when, scope, Truth(), NEVER_ASKED)
    held = replace(scope, known_set=scope.known_set | held_by(step.when))
    kind = after.fields.get(step.name)
    if step.otherwise is not None:
        yield Use(tree, (*path, "otherwise"), step.otherwise, scope, kind)
    if isinstance(step, ValueStep):
        yield Use(tree, (*path, "is"), step.is_, held)
    if isinstance(step, NumberStep | DateStep):
        wanted: Type = Date() if isinstance(step, DateStep) else Number(step.unit)
        for at, bound in enumerate(step.range or ()):
            yield Use(tree, (*path, "range", at), bound, held, wanted)
        for title, value in step.buttons.items():
            yield Use(tree, (*path, "buttons", title), value, held)


def _of_actions(project: Project, tree: Tree, path: Path, actions: tuple[Action, ...], scope: Scope) -> Iterator[Use]:
    for at, (action, before, _) in enumerate(results(project, actions, scope)):
        here = (*path, at)
        if action.when is not None:
            yield Use(tree, (*here, "when"), action.when, before, Truth())
        if isinstance(action, RunAction):
            for name, text in action.with_.items():
                yield Use(tree, (*here, "with", name), text, before)
        elif isinstance(action, FireAction):
            yield Use(tree, (*here, "on"), action.on, before)
        elif isinstance(action, DocumentAction):
            yield Use(tree, (*here, "from"), action.from_, before)


def _of_limits(project: Project) -> Iterator[Use]:
    for name, limit in project.limits.items():
        tree = project.tree("limits", "")
        scope = with_fields(base_scope(project.vocabulary), {key: read_type(text) for key, text in limit.given.items()})
        for at, line in enumerate(limit.values):
            if line.when is not None:
                yield Use(tree, (name, "values", at, "when"), line.when, scope, Truth())


def _of_lifecycles(project: Project) -> Iterator[Use]:
    for lifecycle in project.lifecycles.values():
        tree = project.tree("lifecycle", lifecycle.lifecycle)
        record: dict[str, Type] = {lifecycle.record: Record(lifecycle.record)}
        scope = with_fields(base_scope(project.vocabulary), record)
        for name, forms in lifecycle.transitions.items():
            several = ("transitions", name, 0) in tree.values
            for at, form in enumerate(forms):
                path: Path = ("transitions", name, at) if several else ("transitions", name)
                if form.when is not None:
                    yield Use(tree, (*path, "when"), form.when, scope, Truth())
                for number, guard in enumerate(form.require):
                    # An unset value fails a guard by rule, so only its names and units are checked.
                    yield Use(tree, (*path, "require", number, "that"), guard.that, all_set(scope), Truth())
                yield from _of_actions(project, tree, (*path, "do"), form.do, with_fields(scope, texts(["reason"])))


def all_set(scope: Scope) -> Scope:
    """Return a scope whose records have every field given: for guards, where an unset value counts as a violation."""
    records = {kind: {name: getattr(value, "item", value) for name, value in fields.items()}
               for kind, fields in scope.records.items()}
    return replace(scope, records=records)


def _of_documents(project: Project) -> Iterator[Use]:
    for document in project.documents.values():
        fields = project.vocabulary.records.get(document.record)
        if fields is None:
            continue
        tree = project.tree("document", document.document)
        scope = with_fields(base_scope(project.vocabulary), {name: read_type(text) for name, text in fields.items()})
        for name, text in document.fields.items():
            yield Use(tree, ("fields", name), text, scope)


def templates(project: Project) -> Iterator[Use]:
    """Give every text with holes of the project."""
    for flow in project.flows.values():
        tree = project.tree("flow", flow.flow)
        for at, step, scope, after in steps_with_scopes(project, flow):
            path: Path = ("steps", at)
            for key in ("prompt", "hint"):
                yield Use(tree, (*path, key), getattr(step, key), scope)
            if isinstance(step, NumberStep) and step.on_deviation:
                deviation, inner = step.on_deviation, (*path, "on_deviation")
                yield Use(tree, (*inner, "waiting"), deviation.waiting, with_fields(after, texts(DEVIATION_WORDS)))
                for code, answer in deviation.answers.items():
                    yield Use(tree, (*inner, "answers", code, "say"), answer.say,
                              with_fields(after, texts(VERDICT_WORDS)))
        scope = after_steps(project, flow)
        for block in ("save", "after"):
            for at, (action, before, later) in enumerate(results(project, getattr(flow, block), scope)):
                scope = later
                for text in action.templates():
                    key = "text" if action.kind == "notify" else action.kind
                    yield Use(tree, (block, at, key), text, before)
