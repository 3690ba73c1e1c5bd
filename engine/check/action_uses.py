"""The expressions and texts of actions. Start at `of_actions`."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.base import Action, ActionButton
from engine.actions.document import DocumentAction
from engine.actions.fire import FireAction
from engine.actions.measure import MeasureAction
from engine.actions.notify import NotifyAction
from engine.actions.open import OpenAction
from engine.actions.reply import ReplyAction
from engine.actions.report import ReportAction
from engine.actions.run import RunAction
from engine.actions.task import TaskAction
from engine.check.scope import Names, read, with_results
from engine.check.use import Use, given_type
from engine.errors import say
from engine.expressions.check import infer
from engine.expressions.known import PERSON, type_of
from engine.expressions.parse import names as names_in
from engine.expressions.types import ListOf, Optional, Record, Text, Truth, Type, bare
from engine.load.project import Project
from engine.load.sketch import Actions
from engine.load.tree import Path, Tree
from engine.schema.report import PERIOD


def of_actions(project: Project, tree: Tree, actions: Actions, names: Names) -> Iterator[Use]:
    """Give the expressions and texts of a block of actions."""
    for path, action, before in with_results(project, actions, names):
        known = before
        for name, text in action.each.items():
            yield Use(tree, (*path, "each", name), text, before)
            known = _with_member(before, name, text)
        if action.when is not None:
            yield Use(tree, (*path, "when"), action.when, known, Truth())
        yield from _of_action(project, tree, path, action, known.holding(action.when))


def _with_member(names: Names, name: str, text: str) -> Names:
    """Return the names with the member of a list that `each` goes through."""
    node = read(text)
    if node is None or not names.unknown.isdisjoint(names_in(node)):
        return names.without_type(name)
    found, problems = infer(node, names.scope)
    if problems or found is None or not isinstance(bare(found), ListOf):
        return names.without_type(name)
    listed = bare(found)
    assert isinstance(listed, ListOf)
    return names.plus({name: listed.item})


def _of_action(
    project: Project, tree: Tree, path: Path, action: Action, names: Names
) -> Iterator[Use]:
    match action:
        case RunAction():
            yield from _of_run(project, tree, path, action, names)
        case FireAction():
            yield Use(tree, (*path, "on"), action.on, names)
            yield from _given(tree, path, action.with_, names)
            if action.reason is not None:
                yield Use(tree, (*path, "reason"), action.reason, names, Text())
        case DocumentAction():
            form = project.documents.get(action.document)
            wanted = Record(form.record) if form else None
            what = say("документу «{document}»", document=action.document)
            yield Use(tree, (*path, "from"), action.from_, names, wanted, code="F703", what=what)
        case NotifyAction():
            yield Use(tree, (*path, "text"), action.text, names, holes=True)
            yield from _people(tree, (*path, "notify"), action.people, names)
            yield from _buttons(tree, path, action.buttons, names)
        case ReplyAction():
            yield Use(tree, (*path, "reply"), action.reply, names, holes=True)
            yield from _buttons(tree, path, action.buttons, names)
        case TaskAction():
            yield from _of_task(tree, path, action, names)
        case OpenAction():
            yield from _given(tree, path, action.with_, names)
        case ReportAction():
            yield from _of_report(project, tree, path, action, names)
        case MeasureAction():
            yield Use(tree, (*path, "value"), action.value, names)
            if action.limit is not None:
                yield Use(tree, (*path, "limit"), action.limit, names)


def _of_task(tree: Tree, path: Path, action: TaskAction, names: Names) -> Iterator[Use]:
    yield Use(tree, (*path, "about"), action.about, names)
    if action.person is not None:
        yield Use(tree, (*path, "for"), action.person, names, Record(PERSON))
    for key in ("title", "text"):
        if getattr(action, key):
            yield Use(tree, (*path, key), getattr(action, key), names, holes=True)
    yield from _given(tree, path, action.with_, names)


def _people(tree: Tree, path: Path, people: tuple[str, ...], names: Names) -> Iterator[Use]:
    listed = isinstance(tree.at(path), list)
    for text in people:
        at = tree.at(path).index(text) if listed else None
        where: Path = (*path, at) if at is not None else path
        yield Use(tree, where, text, names)


def _buttons(
    tree: Tree, path: Path, buttons: tuple[ActionButton, ...], names: Names
) -> Iterator[Use]:
    for at, button in enumerate(buttons):
        where: Path = (*path, "buttons", at)
        yield Use(tree, (*where, "title"), button.title, names, holes=True)
        if button.on is not None:
            yield Use(tree, (*where, "on"), button.on, names)
        yield from _given(tree, where, button.with_, names)


def _given(
    tree: Tree, path: Path, given: dict[str, str], names: Names, wanted: Type | None = None
) -> Iterator[Use]:
    for name, text in given.items():
        yield Use(tree, (*path, "with", name), text, names, wanted)


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
