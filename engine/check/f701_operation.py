"""F701: an operation that is not there, or a parameter that does not fit it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.actions.base import Action
from engine.actions.run import RunAction
from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject, of_expressions
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.project import Project
from engine.load.tree import Path, Tree

_of_types = of_expressions("F701")


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every operation and its parameters; their types are found with the expressions."""
    project = subject.project
    for flow in project.sketches.values():
        yield from _runs(project, flow.tree, flow.blocks.values())
    for life in project.lives.values():
        yield from _runs(project, life.tree, life.blocks.values())
    yield from _of_types(subject)


def _runs(
    project: Project, tree: Tree, blocks: Iterable[Sequence[tuple[Path, Action]]]
) -> Iterator[Finding]:
    for actions in blocks:
        for path, action in actions:
            yield from _run(project, tree, path, action)


def _run(project: Project, tree: Tree, path: Path, action: Action) -> Iterator[Finding]:
    if not isinstance(action, RunAction):
        return
    operations = project.vocabulary.operations
    form = operations.get(action.run)
    place = tree.place((*path, "run"))
    if form is None:
        remedy = hint(action.run, operations, "операции")
        yield Finding(place, "F701", say("нет операции «{run}»", run=action.run), remedy)
        return
    unknown = [name for name in action.with_ if name not in form.params]
    for name in unknown:
        message = say("у операции «{run}» нет параметра «{name}»", run=action.run, name=name)
        missing = [one for one in form.params if one not in action.with_]
        remedy = hint(name, missing or form.params, "параметры")
        yield Finding(tree.key((*path, "with", name)), "F701", message, remedy)
    needed = [name for name, kind in form.params.items() if not kind.endswith("?")]
    missing = [name for name in needed if name not in action.with_]
    if len(missing) > len(unknown):  # a mistyped one is the missing one
        message = say("операции не хватает параметров: {names}", names=", ".join(missing))
        remedy = say("добавьте в «with:» ключ «{name}»", name=missing[0])
        given = (*path, "with")
        yield Finding(tree.key(given) if action.with_ else place, "F701", message, remedy)
    if action.as_ and form.result is None:
        message, remedy = (
            say("операция «{run}» ничего не возвращает", run=action.run),
            "уберите «as:»",
        )
        yield Finding(tree.place((*path, "as")), "F701", message, remedy)


RULE = Rule(
    "F701",
    "операция или её параметр не подходят",
    find,
    (
        Example(FLOW, "run: take\n", "run: tke\n", "run:  take\n", "tke", "take"),
        Example(FLOW, "weight: weight,", "wieght: weight,", "weight: weight ,", "wieght", "weight"),
        Example(
            FLOW,
            "run: take\n    as: taken\n    with: {company: company, weight: weight,",
            "run: take\n    as: taken\n    with: {company: company,",
            "run: take\n    as: taken\n    with: {weight: weight, company: company,",
            "with",
            "weight",
        ),
        Example(
            FLOW, "company: company,", "company: weight,", "company: company ,", "weight", "pick"
        ),
    ),
    "Операция с другими параметрами не выполнится: сохранение отказало бы в самом конце.",
)
