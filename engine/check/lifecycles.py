"""F601–F604: states that are not there, that nothing reaches, that nothing leaves; transitions that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.fire import FireAction
from engine.check.rule import Example, Rule
from engine.check.scope import after_steps, results
from engine.errors import Finding
from engine.expressions.check import infer
from engine.expressions.parse import ExpressionError, parse
from engine.expressions.suggest import hint
from engine.expressions.types import Record, bare
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.schema.flow import Flow
from engine.schema.lifecycle import Lifecycle

NEW = "new"
LIFE = "flows/lifecycles/batch.yaml"


def find(project: Project) -> Iterator[Finding]:
    """Look at every lifecycle, and at every `fire` of the flows."""
    for lifecycle in project.lifecycles.values():
        tree = project.tree("lifecycle", lifecycle.lifecycle)
        unknown = tuple(_unknown_states(lifecycle, tree))
        yield from unknown
        if not unknown:
            yield from _reach(lifecycle, tree)
        yield from _ways_on(lifecycle, tree)
    for flow in project.flows.values():
        yield from _fires(project, flow)


def _unknown_states(lifecycle: Lifecycle, tree: Tree) -> Iterator[Finding]:
    for name, forms in lifecycle.transitions.items():
        several = ("transitions", name, 0) in tree.values
        for at, form in enumerate(forms):
            path: Path = ("transitions", name, at) if several else ("transitions", name)
            for number, source in enumerate(form.sources):
                if source != NEW and source not in lifecycle.states:
                    listed: Path = (*path, "from", number)
                    where = listed if listed in tree.values else (*path, "from")
                    yield _no_state(tree, where, source, lifecycle)
            if form.to not in lifecycle.states:
                yield _no_state(tree, (*path, "to"), form.to, lifecycle)


def _no_state(tree: Tree, path: Path, state: str, lifecycle: Lifecycle) -> Finding:
    return Finding(tree.place(path), "F601", f"нет состояния «{state}»", hint(state, lifecycle.states, "состояния"))


def _reach(lifecycle: Lifecycle, tree: Tree) -> Iterator[Finding]:
    reached, before = {NEW}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {form.to for name in lifecycle.transitions for form in lifecycle.forms(name)
                    if reached.intersection(form.sources)}
    for state in lifecycle.states:
        if state not in reached:
            yield Finding(tree.key(("states", state)), "F602", f"в состояние «{state}» ничто не ведёт",
                          "добавьте переход в него или уберите его")


def _ways_on(lifecycle: Lifecycle, tree: Tree) -> Iterator[Finding]:
    left = {source for name in lifecycle.transitions for form in lifecycle.forms(name) for source in form.sources}
    for state, form in lifecycle.states.items():
        if form.final and state in left:
            yield Finding(tree.key(("states", state)), "F603", f"из конечного состояния «{state}» есть переход",
                          "уберите «final» или переход")
        elif not form.final and not form.owner:
            yield Finding(tree.key(("states", state)), "F603", f"у состояния «{state}» нет хозяина",
                          "добавьте «owner:» или «final: true»", "запись ждала бы здесь, и никто не знал бы об этом")
        elif not form.final and state not in left:
            yield Finding(tree.key(("states", state)), "F603", f"из состояния «{state}» нет пути дальше",
                          "добавьте переход из него или «final: true»", "запись осталась бы здесь навсегда")


def _fires(project: Project, flow: Flow) -> Iterator[Finding]:
    tree = project.tree("flow", flow.flow)
    scope = after_steps(project, flow)
    for block in ("save", "after"):
        for at, (action, before, later) in enumerate(results(project, getattr(flow, block), scope)):
            scope = later
            if not isinstance(action, FireAction):
                continue
            try:
                kind = infer(parse(action.on), before)[0]
            except ExpressionError:
                continue
            record = bare(kind) if kind else None
            if not isinstance(record, Record):
                continue
            lives = [one for one in project.lifecycles.values() if one.record == record.kind]
            known = [name for one in lives for name in one.transitions]
            if action.fire not in known:
                yield Finding(tree.place((block, at, "fire")), "F604",
                              f"у записи «{record.kind}» нет перехода «{action.fire}»",
                              hint(action.fire, known, "переходы"))


RULE = Rule(
    {"F601": "нет такого состояния", "F602": "состояние недостижимо", "F603": "у состояния нет хозяина или пути дальше",
     "F604": "нет такого перехода"},
    find,
    (
        Example("F601", LIFE, "to: done,", "to: closed,", "to: done,", "closed", "done"),
        Example("F602", LIFE, "  done: {title: Закрыта, final: true}\n",
                "  done: {title: Закрыта, final: true}\n  lost: {title: Потеряна, final: true}\n",
                "  done: {title: Закрыта навсегда, final: true}\n", "lost", "переход"),
        Example("F603", LIFE, "received: {title: Принята, owner: receiver}", "received: {title: Принята}",
                "received: {title: Принята, owner: technologist}", "received: {title", "owner"),
        Example("F604", "flows/area/delivery.yaml", "fire: accept", "fire: acept", "fire: accept", "acept", "accept"),
    ),
)
