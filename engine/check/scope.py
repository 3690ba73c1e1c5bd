"""Which names an expression may use at each place of a flow, and of which type.

A field exists after its step; it is Optional when the step can be skipped or is not always asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from engine.actions.base import Action
from engine.actions.run import RunAction
from engine.expressions.check import Scope, Signature, infer, set_by
from engine.expressions.parse import ExpressionError, parse
from engine.expressions.types import Opaque, Optional, Person, Record, Text, Type, bare, read_type
from engine.load.project import Project
from engine.model.vocabulary import Vocabulary
from engine.schema.flow import Flow
from engine.steps.base import Step
from engine.steps.number import NumberStep
from engine.steps.value import ValueStep

DEVIATION_WORDS = ("reason", "value", "limit")
VERDICT_WORDS = (*DEVIATION_WORDS, "decider", "comment")


def base_scope(vocabulary: Vocabulary) -> Scope:
    """Return the scope of an expression that knows no field: records and facts."""
    records = {kind: {name: read_type(text) for name, text in fields.items()}
               for kind, fields in vocabulary.records.items()}
    facts = {name: Signature(tuple(read_type(text) for text in fact.params), read_type(fact.result))
             for name, fact in vocabulary.facts.items()}
    return Scope({}, records, facts)


def texts(names: Iterable[str]) -> Mapping[str, Type]:
    """Return names that are texts."""
    return dict.fromkeys(names, Text())


def with_fields(scope: Scope, fields: Mapping[str, Type]) -> Scope:
    """Return a scope that knows these fields too."""
    return replace(scope, fields={**scope.fields, **fields})


def steps_with_scopes(project: Project, flow: Flow) -> Iterator[tuple[int, Step, Scope, Scope]]:
    """Give each step with its place in the list, what it may read, and what may be read after it."""
    scope = base_scope(project.vocabulary)
    for at, step in enumerate(flow.steps):
        after = _after(project, step, scope)
        yield at, step, scope, after
        scope = after


def after_steps(project: Project, flow: Flow) -> Scope:
    """Return what may be read when every step was asked: what `save:` knows."""
    scope = base_scope(project.vocabulary)
    for _, _, _, after in steps_with_scopes(project, flow):
        scope = after
    own: dict[str, Type] = {"answers": Opaque("answers"), "measurements": Opaque("measurements"), "actor": Person()}
    return with_fields(scope, own)


def results(project: Project, actions: Iterable[Action], scope: Scope) -> Iterator[tuple[Action, Scope, Scope]]:
    """Give each action with what it may read and what may be read after it: results by the names of `as:`."""
    for action in actions:
        after = scope
        if isinstance(action, RunAction) and action.as_:
            form = project.vocabulary.operations.get(action.run)
            result: Type = read_type(form.result) if form and form.result else Record("?")
            after = with_fields(scope, {action.as_: result})
        yield action, scope, after
        scope = after


def _after(project: Project, step: Step, scope: Scope) -> Scope:
    if step.kind == "review":
        return scope
    kind = _type(project, step, scope)
    sometimes = step.when is not None and step.otherwise is None
    if step.skip or sometimes:
        kind = Optional(bare(kind))
    positive = {step.name} if isinstance(step, NumberStep) and _is_positive(step) else set()
    return replace(with_fields(scope, {step.name: kind}), positive=scope.positive | positive)


def _type(project: Project, step: Step, scope: Scope) -> Type:
    if not isinstance(step, ValueStep):
        return step.result(project.vocabulary.catalogues)
    held = replace(scope, known_set=scope.known_set | held_by(step.when))
    try:
        found, _ = infer(parse(step.is_), held)
    except ExpressionError:
        found = None
    return found or step.result(project.vocabulary.catalogues)


def held_by(when: str | None) -> frozenset[str]:
    """Return the fields that are surely given where a `when` holds."""
    try:
        return set_by(parse(when).tree) if when else frozenset()
    except ExpressionError:
        return frozenset()


def _is_positive(step: NumberStep) -> bool:
    try:
        return step.range is not None and not step.skip and Decimal(step.range[0]) > 0
    except InvalidOperation:
        return False
