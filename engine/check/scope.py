"""Which names an expression may use at each place, and of which type. Start at `flow_scope`.

A field exists after its step; it is Optional when the step can be skipped or is not always asked.
Names of broken parts are `unknown`: nothing is said about them twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.actions.base import Action
from engine.actions.run import RunAction
from engine.expressions.check import Scope, held, infer
from engine.expressions.known import PERSON, known, type_of
from engine.expressions.parse import ExpressionError, Node, names, parse
from engine.expressions.types import (
    Number,
    Opaque,
    Optional,
    Record,
    Text,
    Type,
    bare,
)
from engine.load.project import Project
from engine.load.sketch import Actions, FlowSketch
from engine.load.tree import Path
from engine.steps.base import Step
from engine.steps.number import NumberStep
from engine.steps.pick import PickStep
from engine.steps.value import ValueStep

DEVIATION_WORDS = ("reason", "value", "limit")
VERDICT_WORDS = (*DEVIATION_WORDS, "decider", "comment")


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named at one place: typed names, and names of broken parts."""

    scope: Scope
    unknown: frozenset[str] = frozenset()

    def plus(self, fields: Mapping[str, Type]) -> Names:
        """Return these names and some more."""
        scope = replace(self.scope, fields={**self.scope.fields, **fields})
        return replace(self, scope=scope, unknown=self.unknown - set(fields))

    def without_type(self, name: str) -> Names:
        """Return these names and one whose type cannot be told."""
        return replace(self, unknown=self.unknown | {name})

    def holding(self, when: str | None) -> Names:
        """Return these names where a condition holds: what it asks about is given."""
        node = read(when) if when else None
        if node is None:
            return self
        return replace(self, scope=held(self.scope, node.tree))


@dataclass(frozen=True, slots=True)
class StepNames:
    """A step with its path, what it may name, and what may be named after it."""

    path: Path
    step: Step
    before: Names
    after: Names


def read(text: str) -> Node | None:
    """Read an expression; None when it cannot be read, which is a finding of its own."""
    try:
        return parse(text)
    except ExpressionError:
        return None


def base_names(project: Project) -> Names:
    """Return the names of an expression that knows no field: records and facts."""
    return Names(known(project.vocabulary))


def texts(words: tuple[str, ...]) -> dict[str, Type]:
    """Return names that are texts."""
    return dict.fromkeys(words, Text())


def flow_scope(project: Project, sketch: FlowSketch) -> tuple[StepNames, ...]:
    """Return the steps of a flow, each with what it may name."""
    names_ = replace(base_names(project), unknown=sketch.lost)
    found = []
    for path, step in sketch.steps:
        after = _after(project, step, names_)
        found.append(StepNames(path, step, names_, after))
        names_ = after
    return tuple(found)


def _after(project: Project, step: Step, before: Names) -> Names:
    if step.kind == "review":
        return before
    kind = field_type(project, step, before)
    if kind is None:
        return before.without_type(step.name)
    not_asked = step.when is not None and step.otherwise is None
    if step.otherwise is not None and isinstance(_type(step.otherwise, before), Optional):
        not_asked = True
    after = before.plus({step.name: Optional(bare(kind)) if step.skip or not_asked else kind})
    positive = {step.name} if isinstance(step, NumberStep) and _is_positive(step, before) else set()
    kept = after.scope.positive - {step.name} | positive
    return replace(after, scope=replace(after.scope, positive=kept))


def field_type(project: Project, step: Step, before: Names) -> Type | None:
    """Return the type of a step's field when it is asked; None when it cannot be told."""
    if isinstance(step, PickStep) and step.from_ not in project.vocabulary.catalogues:
        return None
    if not isinstance(step, ValueStep):
        return step.result(project.vocabulary.catalogues)
    found = _type(step.is_, before.holding(step.when))
    return Number(step.unit) if isinstance(found, Number) and step.unit else found


def _type(text: str, names_: Names) -> Type | None:
    node = read(text)
    if node is None or not names_.unknown.isdisjoint(names(node)):
        return None
    found, problems = infer(node, names_.scope)
    return None if problems else found


def _is_positive(step: NumberStep, before: Names) -> bool:
    """Tell whether the range of a number begins above zero."""
    if step.range is None:
        return False
    try:
        return Decimal(step.range[0]) > 0
    except ArithmeticError:
        return step.range[0] in before.scope.positive


def block_names(last: Names, step: StepNames | None = None) -> Names:
    """Return what the first action of a block may name; `step` is that of a decision's answer."""
    names_ = last
    if step is not None:
        known = step.after.scope.fields
        later = {
            name: Optional(bare(kind))
            for name, kind in last.scope.fields.items()
            if name not in known
        }
        names_ = step.after.plus({**later, step.step.name: _given(step)})
    own: dict[str, Type] = {
        "answers": Opaque("answers"),
        "measurements": Opaque("measurements"),
        "actor": Record(PERSON),
    }
    return names_.plus(own)


def _given(step: StepNames) -> Type:
    return bare(step.after.scope.fields.get(step.step.name, Number()))


def with_results(
    project: Project, actions: Actions, names_: Names
) -> Iterator[tuple[Path, Action, Names]]:
    """Give each action with what it may name: results of earlier ones stand under `as:`."""
    for path, action in actions:
        yield path, action, names_
        names_ = _with_result(project, action, names_)


def names_after(project: Project, actions: Actions, names_: Names) -> Names:
    """Return what may be named after a block of actions."""
    for _, action in actions:
        names_ = _with_result(project, action, names_)
    return names_


def _with_result(project: Project, action: Action, names_: Names) -> Names:
    if not isinstance(action, RunAction) or not action.as_:
        return names_
    form = project.vocabulary.operations.get(action.run)
    if form is None or form.result is None:
        return names_.without_type(action.as_)
    return names_.plus({action.as_: type_of(form.result)})
