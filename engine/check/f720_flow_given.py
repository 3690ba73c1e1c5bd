"""F720: a flow that is not there to be opened or called, or a parameter that does not fit it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.actions.base import Action, ActionButton
from engine.actions.notify import NotifyAction
from engine.actions.open import OpenAction
from engine.actions.reply import ReplyAction
from engine.actions.task import TaskAction
from engine.check.example import FLOW, LOAD
from engine.check.mentions import is_missing
from engine.check.roles import position
from engine.check.rule import Example, Rule
from engine.check.scope import given_type
from engine.check.subject import Subject, of_expressions
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.expressions.types import Record, bare
from engine.load.project import Project
from engine.load.sketch import FlowSketch, LifecycleSketch
from engine.load.tree import Path, Tree
from engine.steps.call import CallStep

_of_types = of_expressions("F720")
Given = tuple[Path, Path, str, Mapping[str, str], bool]


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every flow that is opened or called, and its parameters; the types of what is given
    are found with the expressions."""
    project = subject.project
    for sketch in project.sketches.values():
        for path, step in sketch.steps:
            if isinstance(step, CallStep):
                given = (path, ("flow",), step.flow, step.with_, True)
                yield from _given(project, sketch.tree, given)
        for block in sketch.blocks.values():
            yield from _of_block(project, sketch.tree, block)
    for life in project.lives.values():
        for block in life.blocks.values():
            yield from _of_block(project, life.tree, block, may_lack=True)
        yield from _of_tasks(project, life)
    yield from _of_types(subject)


def _of_block(
    project: Project,
    tree: Tree,
    block: Iterable[tuple[Path, Action]],
    *,
    may_lack: bool = False,
) -> Iterator[Finding]:
    """Check a block; `may_lack` flows that are not written yet: a life is laid down before its
    conversations."""
    for path, action in block:
        for given in _opened(path, action):
            if not may_lack or given[2] in project.sketches:
                yield from _given(project, tree, given)


def _of_tasks(project: Project, life: LifecycleSketch) -> Iterator[Finding]:
    """Check what the tasks of states give: without `with:` the record, under the name of its
    kind."""
    for state, form in life.states.items():
        tasks = life.tree.at(("states", state, "tasks"))
        for task in form.tasks:
            sketch = project.sketches.get(task.flow)
            if not task.flow or sketch is None:
                continue  # a flow that is not there has a finding of its own
            path: Path = ("states", state, "tasks", position(tasks, "kind", task.kind))
            if task.with_ or _takes(project, sketch, life.record, life.record):
                with_ = task.with_ or {life.record: life.record}
                yield from _given(project, life.tree, (path, ("flow",), task.flow, with_, False))
            elif ("flow", task.flow) not in project.broken:
                yield _without_record(project, life, (*path, "flow"), sketch)


def _takes(project: Project, sketch: FlowSketch, name: str, record: str) -> bool:
    """Tell whether a parameter of a flow is a record of a kind, or cannot be told."""
    if name not in sketch.given:
        return False
    wanted = given_type(sketch.given[name])
    plain = bare(wanted) if wanted is not None else None
    strange = isinstance(plain, Record) and plain.kind not in project.vocabulary.records
    return plain is None or strange or plain == Record(record)


def _without_record(
    project: Project, life: LifecycleSketch, path: Path, sketch: FlowSketch
) -> Finding:
    record, flow = life.record, sketch.name
    message = say("форма «{flow}» не берёт запись «{record}» этой задачи", flow=flow, record=record)
    fitting = [name for name in sketch.given if _takes(project, sketch, name, record)]
    remedy = say("дайте форме «given: {{{record}: {record}}}»", record=record)
    if fitting:
        remedy = say("напишите «with: {{{name}: {record}}}»", name=fitting[0], record=record)
    return Finding(life.tree.place(path), "F720", message, remedy)


def _opened(path: Path, action: Action) -> Iterator[Given]:
    match action:
        case OpenAction():
            yield path, ("open",), action.open, action.with_, False
        case TaskAction(flow=flow) if flow:
            yield path, ("flow",), flow, action.with_, False
        case NotifyAction() | ReplyAction():
            yield from _buttons(path, action.buttons)


def _buttons(path: Path, buttons: tuple[ActionButton, ...]) -> Iterator[Given]:
    for at, one in enumerate(buttons):
        if one.flow:
            yield (*path, "buttons", at), ("flow",), one.flow, one.with_, False


def _given(project: Project, tree: Tree, given: Given) -> Iterator[Finding]:
    path, key, flow, with_, is_call = given
    place = tree.place((*path, *key))
    if is_missing(project, flow):
        message = say("нет формы «{flow}»", flow=flow)
        yield Finding(place, "F720", message, hint(flow, project.sketches, "формы"))
        return
    if flow not in project.sketches or ("flow", flow) in project.broken:
        return
    sketch = project.sketches[flow]
    if is_call is not sketch.called:
        message = say("форму «{flow}» вызвать нельзя: у неё нет «result:»", flow=flow)
        remedy = "вызывают форму с «result:»; другую открывают действием «open:»"
        if not is_call:
            message = say("форму «{flow}» не открыть: у неё есть «result:»", flow=flow)
            remedy = "её вызывает шаг «call:» другой формы"
        yield Finding(place, "F720", message, remedy)
        return
    unknown = [name for name in with_ if name not in sketch.given]
    for name in unknown:
        message = say("у формы «{flow}» нет параметра «{name}»", flow=flow, name=name)
        remedy = hint(name, sketch.given, "параметры") or "уберите его"
        yield Finding(tree.key((*path, "with", name)), "F720", message, remedy)
    needed = [name for name, notation in sketch.given.items() if not notation.endswith("?")]
    missing = [name for name in needed if name not in with_]
    if len(missing) > len(unknown):  # a mistyped one is the missing one
        message = say("форме не хватает параметров: {names}", names=", ".join(missing))
        remedy = say("добавьте в «with:» ключ «{key}»", key=missing[0])
        yield Finding(place, "F720", message, remedy)


def _call(text: str) -> str:
    return f"  - call: inner\n    {text}\n  - integer: tags\n"


_GOOD = _call("flow: sizes\n    with: {least: weight}")

RULE = Rule(
    "F720",
    "форма или её параметр не подходят",
    find,
    (
        Example(
            FLOW, "  - integer: tags\n", _GOOD.replace("sizes", "szies"), _GOOD, "szies", "sizes"
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            _GOOD.replace("least:", "laest:"),
            _GOOD,
            "laest",
            "least",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            _GOOD.replace("\n    with: {least: weight}", ""),
            _GOOD,
            "sizes",
            "least",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            _GOOD.replace("least: weight", "least: company"),
            _GOOD,
            "company",
            "число",
        ),
        Example(
            FLOW,
            '  - reply: "Партия {taken.number}"\n',
            "  - open: sizes\n    with: {least: weight}\n",
            '  - reply: "Принята {taken.number}"\n',
            "sizes",
            "call",
        ),
        Example(
            LOAD,
            "buttons: [finish, give_up], warn",
            "flow: delivery, warn",
            "flow: measuring, warn",
            "delivery",
            "given: {load: load}",
        ),
    ),
    "Форма не открылась бы, или открылась бы не о том.",
)
