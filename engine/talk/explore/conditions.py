"""The conditions of a flow, and which of them hold in a draft. Start at `conditions_of`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.actions.run import RunAction
from engine.expressions.compile import Compiled, compile_expression
from engine.model.address import path_of
from engine.model.values import Value
from engine.run.draft import Draft
from engine.run.nodes import Node, names_of
from engine.run.program import FlowProgram
from engine.steps.options import OptionsStep
from engine.steps.repeat import RepeatStep

SAVE, AFTER = "save", "after"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: at which step or block it stands, as what, its text, the names that it reads,
    the path of the scope that it is looked at in, the groups whose condition stands before it.

    `block` conditions are those of actions: they are looked at when the form is saved."""

    path: str
    what: str
    text: str
    reads: frozenset[str]
    scope: str
    groups: tuple[str, ...] = ()
    block: bool = False

    @property
    def code(self) -> Compiled:
        """The condition, ready to run."""
        return compile_expression(self.text)


def conditions_of(flow: FlowProgram) -> tuple[Condition, ...]:
    """Return every condition of a flow, in order; those that read nothing are left out."""
    found = [
        Condition(path, what, text, names_of(text), _scope(path), node.groups)
        for path, node in flow.index.items()
        for what, text in _of_node(node)
    ]
    found += [
        Condition(f"{block}.{at + 1}", f"{action.kind} when", action.when,
                  names_of(action.when), "", (), block=True)
        for block in (SAVE, AFTER)
        for at, action in enumerate(flow.blocks[block])
        if action.when
    ]  # fmt: skip
    return tuple(one for one in found if one.reads or "(" in one.text)


def made_by(flow: FlowProgram) -> frozenset[str]:
    """Return the names of what the operations of a flow make."""
    actions = (action for some in flow.blocks.values() for action in some)
    return frozenset(one.as_ for one in actions if isinstance(one, RunAction) and one.as_)


def _of_node(node: Node) -> Iterator[tuple[str, str]]:
    step = node.step
    if step.when:
        yield "when", step.when
    if isinstance(step.skip, str):
        yield "skip", step.skip
    yield from (
        (f"prompt {at}", one.when) for at, one in enumerate(step.prompts, start=1) if one.when
    )
    yield from ((f"warn {at}", one.when) for at, one in enumerate(step.warn, start=1))
    if isinstance(step, OptionsStep):
        yield from (
            (f"вариант {code}", form.when) for code, form in step.options.items() if form.when
        )
    if isinstance(step, RepeatStep):
        yield from ((f"кнопка «{one.title}»", one.when) for one in step.add if one.when)


def _scope(path: str) -> str:
    return path.rpartition(".")[0]


def looked_at(
    draft: Draft, flow: FlowProgram, prefix: str = ""
) -> Iterator[tuple[Condition, bool]]:
    """Give the conditions of a flow's steps with what they came to, in every scope of a draft that
    has been gone through; `prefix` is where the flow stands in the draft's: "" or "docs."."""
    conditions = [one for one in conditions_of(flow) if not one.block]
    for scope, env in draft.walk.scopes.items():
        if not scope.startswith(prefix):
            continue
        path = path_of(scope[len(prefix) :].rstrip(".")) if scope != prefix else ""
        for one in conditions:
            if one.scope == path and _in_groups(draft, flow, one, env):
                yield one, draft.asking.holds(one.code, env)


def _in_groups(
    draft: Draft, flow: FlowProgram, condition: Condition, env: Mapping[str, Value]
) -> bool:
    """Tell whether the step of a condition was come to: its groups are asked, and, of what is not
    its own `when`, the step itself."""
    node = flow.index[condition.path]
    before = [flow.index[group].when for group in condition.groups]
    if condition.what != "when":
        before.append(node.when)
    return all(code is None or draft.asking.holds(code, env) for code in before)
