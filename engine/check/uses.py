"""Every expression and every text with holes of a project: where it stands, what it may name,
what is wanted of it. Start at `uses_of`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.actions.document import DocumentAction
from engine.actions.fire import FireAction
from engine.actions.report import ReportAction
from engine.actions.run import RunAction
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
    with_results,
)
from engine.errors import say
from engine.expressions.known import type_of
from engine.expressions.types import Number, Optional, Record, Truth, Type, bare
from engine.load.project import Project
from engine.load.sketch import Actions, FlowSketch, LifecycleSketch
from engine.load.tree import Path, Tree
from engine.schema.limits import Limit
from engine.schema.report import PERIOD
from engine.steps.bounds import BoundedStep
from engine.steps.number import NumberStep
from engine.steps.value import ValueStep

NEVER_ASKED = "без исправления вопрос не задавался бы никогда"
PAPER_WORDS = ("now_date", "draft")  # every document has them beside its own fields


@dataclass(frozen=True, slots=True)
class Use:
    """One expression, or a text with holes, where it is written.

    `wanted` None takes any type; `code` is that of a value of another type, `what` names what
    needs it. `later` maps fields that exist only after this place to the lines of their steps."""

    tree: Tree
    path: Path
    text: str
    names: Names
    wanted: Type | None = None
    offset: int = 0
    code: str = "F310"
    what: str = "здесь"
    consequence: str = ""
    holes: bool = False
    later: Mapping[str, int] | None = None


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
    for life in project.lives.values():
        yield from _of_lifecycle(project, life)
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
                yield from _of_actions(project, tree, actions, block_names(last, one))
    names = block_names(last)
    yield from _of_actions(project, tree, sketch.blocks["save"], names)
    names = names_after(project, sketch.blocks["save"], names)
    yield from _of_actions(project, tree, sketch.blocks["after"], names)


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


def given_type(notation: str) -> Type | None:
    """Return the type of a limit's parameter; None when it is no type."""
    try:
        return type_of(notation)
    except ValueError:
        return None


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


def _of_actions(project: Project, tree: Tree, actions: Actions, names: Names) -> Iterator[Use]:
    for path, action, known in with_results(project, actions, names):
        if action.when is not None:
            yield Use(tree, (*path, "when"), action.when, known, Truth())
        held = known.holding(action.when)
        for text in action.templates():
            key = "text" if action.kind == "notify" else action.kind
            yield Use(tree, (*path, key), text, held, holes=True)
        if isinstance(action, RunAction):
            yield from _of_run(project, tree, path, action, held)
        elif isinstance(action, FireAction):
            yield Use(tree, (*path, "on"), action.on, held)
        elif isinstance(action, DocumentAction):
            form = project.documents.get(action.document)
            wanted = Record(form.record) if form else None
            what = say("документу «{document}»", document=action.document)
            yield Use(tree, (*path, "from"), action.from_, held, wanted, code="F703", what=what)
        elif isinstance(action, ReportAction):
            yield from _of_report(project, tree, path, action, held)


def _of_run(
    project: Project, tree: Tree, path: Path, action: RunAction, names: Names
) -> Iterator[Use]:
    form = project.vocabulary.operations.get(action.run)
    for name, text in action.with_.items():
        wanted = type_of(form.params[name]) if form and name in form.params else None
        what = say("параметру «{name}»", name=name)
        yield Use(tree, (*path, "with", name), text, names, wanted, code="F701", what=what)


def _of_report(
    project: Project, tree: Tree, path: Path, action: ReportAction, names: Names
) -> Iterator[Use]:
    form = project.reports.get(action.report)
    for name, text in action.with_.items():
        param = form.params.get(name) if form else None
        wanted = given_type("date" if param.type == PERIOD else param.type) if param else None
        if param and wanted and (param.default or param.type == PERIOD):
            wanted = Optional(bare(wanted))
        what = say("параметру «{name}»", name=name)
        yield Use(tree, (*path, "with", name), text, names, wanted, code="F718", what=what)


def _of_limit(project: Project, name: str, limit: Limit) -> Iterator[Use]:
    kinds = {key: given_type(notation) for key, notation in limit.given.items()}
    names = base_names(project).plus({key: kind for key, kind in kinds.items() if kind})
    names = replace(names, unknown=frozenset(key for key, kind in kinds.items() if kind is None))
    for at, line in enumerate(limit.values):
        if line.when is not None:
            path = (name, "values", at, "when")
            yield Use(project.tree("limits"), path, line.when, names, Truth())


def _of_lifecycle(project: Project, life: LifecycleSketch) -> Iterator[Use]:
    fields = project.vocabulary.records.get(life.record, {})
    # An unset value fails a guard by rule, so only names and units are checked there.
    given = {name: type_of(notation.rstrip("?")) for name, notation in fields.items()}
    names = base_names(project).plus({life.record: Record(life.record)})
    records = {**names.scope.records, life.record: given}
    guards = replace(names, scope=replace(names.scope, records=records))
    if life.record not in project.vocabulary.records:
        guards = names = names.without_type(life.record)
    for _, path, form in life.transitions:
        if form.when is not None:
            yield Use(life.tree, (*path, "when"), form.when, guards, Truth())
        for at, guard in enumerate(form.require):
            where = (*path, "require", at, "that")
            yield Use(life.tree, where, guard.that, guards, Truth())
        reason = names.plus(texts(("reason",)))
        yield from _of_actions(project, life.tree, life.blocks.get(path, ()), reason)


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
