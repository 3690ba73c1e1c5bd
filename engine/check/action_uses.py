"""Every expression and text of actions: of flows, decisions, transitions, timers. Start at
`of_actions`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
from engine.check.scope import Names, given_type, in_action, with_results
from engine.check.step_uses import ANY_LIST, limit_uses, with_given
from engine.check.use import Use
from engine.errors import say
from engine.expressions.known import PERSON, type_of
from engine.expressions.types import Optional, Record, Text, Truth, bare
from engine.load.project import Project
from engine.load.sketch import Actions
from engine.load.tree import Path, Tree
from engine.schema.report import PERIOD


def of_actions(project: Project, tree: Tree, actions: Actions, names: Names) -> Iterator[Use]:
    """Give the expressions and texts of a block of actions."""
    for path, action, known in with_results(project, actions, names):
        for name, text in action.each.items():
            yield Use(tree, (*path, "each", name), text, known, ANY_LIST, what="each")
        inside = in_action(action, known)
        if action.when is not None:
            each = in_action(action.model_copy(update={"when": None}), known)
            yield Use(tree, (*path, "when"), action.when, each, Truth())
        yield from _of_action(project, tree, path, action, inside)


def _of_action(
    project: Project, tree: Tree, path: Path, action: Action, names: Names
) -> Iterator[Use]:
    def text(template: str, *keys: str | int) -> Use:
        return Use(tree, (*path, *keys), template, names, holes=True)

    match action:
        case RunAction():
            form = project.vocabulary.operations.get(action.run)
            params = form.params if form else {}
            yield from _params(tree, (*path, "with"), action.with_, params, names, "F701")
        case FireAction():
            yield Use(tree, (*path, "on"), action.on, names)
            for name, value in action.with_.items():
                yield Use(tree, (*path, "with", name), value, names)
            if action.reason is not None:
                wanted = Optional(Text())
                yield Use(tree, (*path, "reason"), action.reason, names, wanted, what="причине")
        case MeasureAction():
            yield Use(tree, (*path, "value"), action.value, names)
            if action.limit is not None:
                yield from limit_uses(project, tree, (*path, "limit"), action.limit, names)
        case NotifyAction():
            yield text(action.text, "text")
            yield from _receivers(tree, (*path, "notify"), action.receivers, names)
            yield from _buttons(project, tree, path, action.buttons, names)
        case ReplyAction():
            yield text(action.reply, "reply")
            yield from _buttons(project, tree, path, action.buttons, names)
        case OpenAction():
            where = (*path, "with")
            yield from with_given(project, tree, where, action.open, action.with_, names)
        case TaskAction():
            yield Use(tree, (*path, "about"), action.about, names)
            yield text(action.title, "title")
            yield text(action.text, "text")
            yield from _receivers(tree, (*path, "for"), action.receivers, names)
            where = (*path, "with")
            yield from with_given(project, tree, where, action.flow, action.with_, names)
        case DocumentAction():
            document = project.documents.get(action.document)
            known = document is not None and document.record in project.vocabulary.records
            record = Record(document.record) if document and known else None
            what = say("документу «{document}»", document=action.document)
            where = (*path, "from")
            yield Use(tree, where, action.from_, names, record, code="F703", what=what)
        case ReportAction():
            yield from _of_report(project, tree, path, action, names)


def _params(
    tree: Tree,
    path: Path,
    given: Mapping[str, str],
    params: Mapping[str, str],
    names: Names,
    code: str,
) -> Iterator[Use]:
    for name, text in given.items():
        if name not in params and text.strip() not in names.scope.fields:
            continue  # without the parameter nobody can tell an option from a field
        wanted = type_of(params[name]) if name in params else None
        what = say("параметру «{name}»", name=name)
        yield Use(tree, (*path, name), text, names, wanted, code=code, what=what)


def _receivers(tree: Tree, path: Path, receivers: tuple[str, ...], names: Names) -> Iterator[Use]:
    """Give the receivers that are expressions of a person."""
    for at, one in enumerate(receivers):
        if "." in one:
            inner: Path = (*path, at)
            where = inner if inner in tree.values else path
            wanted = Optional(Record(PERSON))
            yield Use(tree, where, one, names, wanted, what="получателю")


def _buttons(
    project: Project, tree: Tree, path: Path, buttons: tuple[ActionButton, ...], names: Names
) -> Iterator[Use]:
    for at, one in enumerate(buttons):
        where: Path = (*path, "buttons", at)
        yield Use(tree, (*where, "title"), one.title, names, holes=True)
        if one.on is not None:
            yield Use(tree, (*where, "on"), one.on, names)
        inner = (*where, "with")
        yield from with_given(project, tree, inner, one.flow, one.with_, names)


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
