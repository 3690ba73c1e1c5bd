"""A lifecycle's transition: (lifecycle, state, transition, who, record) → what to do, or why not.
Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.actions.base import Action
from engine.errors import Refusal
from engine.expressions.compile import EvaluationError, compile_expression
from engine.model.conversation import Actor
from engine.model.values import Row, Value
from engine.run.machine import LifecycleMachine

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted transition: the state left, the state reached, what is done with it in the same
    transaction."""

    transition: str
    source: str
    to: str
    do: tuple[Action, ...]


def move(
    machine: LifecycleMachine,
    record: Row,
    state: str,
    transition: str,
    actor: Actor | None,
    now: datetime,
    reason: str = "",
) -> Move | Refusal:
    """Decide a transition of a record. `actor` None is the system; guards call the record by its
    kind.

    Any error while evaluating a guard counts as a violation, never as a pass."""
    title = machine.lifecycle.title_of(transition)
    forms = machine.transition(transition, state)
    env: Mapping[str, Value] = {machine.lifecycle.record: record}
    fitting = [form for form in forms if form.when is None or _holds(form.when, env, now)]
    if not fitting:
        return Refusal(
            "«{title}» сейчас невозможно: {record} — «{state}»",
            {
                "title": title,
                "record": record.title or machine.lifecycle.title,
                "state": machine.title(state),
            },
        )
    form = fitting[0]
    if not _may(form.by.roles, actor):
        return Refusal("Для «{title}» нужна другая роль", {"title": title})
    if form.reason and not reason.strip():
        return Refusal("Для «{title}» укажите причину", {"title": title})
    for guard in form.require:
        if not _holds(guard.that, env, now):
            return Refusal(guard.say)
    return Move(transition, state, form.to, form.do)


def _may(by: tuple[str, ...], actor: Actor | None) -> bool:
    if actor is None:
        return SYSTEM in by
    return not actor.roles.isdisjoint(by)


def _holds(text: str, env: Mapping[str, Value], now: datetime) -> bool:
    try:
        return compile_expression(text)(env, None, now) is True
    except EvaluationError:
        return False
