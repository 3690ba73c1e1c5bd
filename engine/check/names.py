"""F701, F702, F704: operations, catalogues and limits, typed against the Vocabulary and limits.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.base import Action
from engine.actions.document import DocumentAction
from engine.actions.run import RunAction
from engine.check.rule import Example, Rule
from engine.check.scope import after_steps, base_scope, results, steps_with_scopes, texts, with_fields
from engine.errors import Finding
from engine.expressions.check import Scope, fits, infer
from engine.expressions.parse import ExpressionError, parse
from engine.expressions.suggest import hint
from engine.expressions.types import Record, read_type, title
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.schema.flow import answer_actions
from engine.steps.number import NumberStep
from engine.steps.pick import PickStep

FLOW = "flows/area/delivery.yaml"


def find(project: Project) -> Iterator[Finding]:
    """Look at every operation, catalogue, document and limit that is named."""
    for flow in project.flows.values():
        tree = project.tree("flow", flow.flow)
        scope = after_steps(project, flow)
        for at, step, before, after in steps_with_scopes(project, flow):
            if isinstance(step, PickStep):
                yield from _catalogue(project, tree, ("steps", at), step)
            if isinstance(step, NumberStep) and step.limit:
                yield from _limit(project, tree, ("steps", at, "limit"), step, before)
            if isinstance(step, NumberStep) and step.on_deviation:
                for code, answer in step.on_deviation.answers.items():
                    path: Path = ("steps", at, "on_deviation", "answers", code, "save")
                    yield from _actions(project, tree, path, answer_actions(answer), with_fields(after, scope.fields))
        yield from _actions(project, tree, ("save",), flow.save, scope)
        yield from _actions(project, tree, ("after",), flow.after, scope)
    for lifecycle in project.lifecycles.values():
        yield from _of_lifecycle(project, lifecycle.lifecycle)


def _of_lifecycle(project: Project, name: str) -> Iterator[Finding]:
    lifecycle, tree = project.lifecycles[name], project.tree("lifecycle", name)
    scope = with_fields(base_scope(project.vocabulary),
                        {lifecycle.record: Record(lifecycle.record), **texts(["reason"])})
    for transition, forms in lifecycle.transitions.items():
        several = ("transitions", transition, 0) in tree.values
        for at, form in enumerate(forms):
            path: Path = ("transitions", transition, at) if several else ("transitions", transition)
            yield from _actions(project, tree, (*path, "do"), form.do, scope)


def _actions(project: Project, tree: Tree, path: Path, actions: tuple[Action, ...], scope: Scope) -> Iterator[Finding]:
    for at, (action, before, _) in enumerate(results(project, actions, scope)):
        if isinstance(action, RunAction):
            yield from _operation(project, tree, (*path, at), action, before)
        if isinstance(action, DocumentAction) and action.document not in project.documents:
            yield Finding(tree.place((*path, at, "document")), "F703", f"нет документа «{action.document}»",
                          hint(action.document, project.documents, "документы"))


def _operation(project: Project, tree: Tree, path: Path, action: RunAction, scope: Scope) -> Iterator[Finding]:
    form = project.vocabulary.operations.get(action.run)
    if form is None:
        yield Finding(tree.place((*path, "run")), "F701", f"нет операции «{action.run}»",
                      hint(action.run, project.vocabulary.operations, "операции"))
        return
    for name, text in action.with_.items():
        if name not in form.params:
            yield Finding(tree.key((*path, "with", name)), "F701", f"у операции «{action.run}» нет параметра «{name}»",
                          hint(name, form.params, "параметры"))
            continue
        try:
            found, problems = infer(parse(text), scope)
        except ExpressionError:
            continue
        wanted = read_type(form.params[name])
        if found is not None and not problems and not fits(found, wanted):
            yield Finding(tree.place((*path, "with", name)), "F701",
                          f"параметру «{name}» нужно: {title(wanted)}, а это: {title(found)}",
                          "дайте значение нужного вида или спросите его обязательно")
    missing = [name for name, kind in form.params.items() if name not in action.with_ and not kind.endswith("?")]
    unknown = [name for name in action.with_ if name not in form.params]
    if missing and not unknown:
        yield Finding(tree.place((*path, "run")), "F701", f"операции не хватает параметра «{missing[0]}»",
                      f"добавьте в «with:» ключ «{missing[0]}»")


def _catalogue(project: Project, tree: Tree, path: Path, step: PickStep) -> Iterator[Finding]:
    catalogues = project.vocabulary.catalogues
    if step.from_ not in catalogues:
        yield Finding(tree.place((*path, "from")), "F702", f"нет справочника «{step.from_}»",
                      hint(step.from_, catalogues, "справочники"))
    elif step.add and step.add != catalogues[step.from_]:
        yield Finding(tree.place((*path, "add")), "F702", f"в этот справочник не добавить «{step.add}»",
                      f"здесь может быть только «{catalogues[step.from_]}»")


def _limit(project: Project, tree: Tree, path: Path, step: NumberStep, scope: Scope) -> Iterator[Finding]:
    text = step.limit or ""
    name, _, rest = text.partition("(")
    limit = project.limits.get(name.strip())
    if limit is None:
        yield Finding(tree.inside(path, 0, len(name)), "F704", f"нет предела «{name.strip()}»",
                      hint(name.strip(), project.limits, "пределы"))
        return
    if limit.unit != step.unit:
        yield Finding(tree.place(path), "F704", f"предел в «{limit.unit}», а вопрос в «{step.unit or 'числах'}»",
                      f"дайте шагу «unit: {limit.unit}»")
    arguments = [part.strip() for part in rest.rstrip(") ").split(",") if part.strip()]
    if len(arguments) != len(limit.given):
        yield Finding(tree.place(path), "F704", f"у предела «{name}» не столько значений в скобках: {len(arguments)}",
                      f"нужно: {', '.join(limit.given) or 'ничего'}")
        return
    for argument, kind in zip(arguments, limit.given.values(), strict=True):
        yield from _argument(tree, path, text, argument, kind, scope)


def _argument(tree: Tree, path: Path, text: str, argument: str, kind: str, scope: Scope) -> Iterator[Finding]:
    at = text.index(argument, text.index("(") + 1)
    try:
        found, problems = infer(parse(argument), scope)
    except ExpressionError as error:
        yield Finding(tree.inside(path, at + error.offset, error.width), error.code, error.message, error.hint)
        return
    for problem in problems:
        yield Finding(tree.inside(path, at + problem.offset, problem.width), problem.code, problem.message, problem.hint)
    if found is not None and not fits(found, read_type(kind)):
        yield Finding(tree.inside(path, at, len(argument)), "F704",
                      f"здесь нужно: {title(read_type(kind))}, а это: {title(found)}", "дайте поле нужного вида")


RULE = Rule(
    {"F701": "операция или её параметр не подходят", "F702": "нет такого справочника", "F704": "предел не подходит"},
    find,
    (
        Example("F701", FLOW, "run: take\n", "run: tke\n", "run: take\n", "tke", "take"),
        Example("F702", FLOW, "from: companies", "from: companys", "from: companies", "companys", "companies"),
        Example("F704", FLOW, "limit: temperature(condition)", "limit: temprature(condition)",
                "limit: temperature(condition)", "temprature", "temperature"),
    ),
)
