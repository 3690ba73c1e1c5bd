"""Carry out the actions of a flow's block: each is planned as data, then done through a port, in
order.

Runs inside the transaction of the turn; an operation that refuses raises `Refused` and everything
rolls back."""

from __future__ import annotations

from datetime import datetime

from engine.actions.base import Action, FireTransition, Planned, Planning, Reply, RunOperation
from engine.model.effects import Carry, Measured, Notice, Paper
from engine.model.text import Text, lines
from engine.model.values import Row, Value
from engine.ports import Context, Ports
from engine.run.draft import Draft
from engine.run.program import Program


def carry(program: Program, ports: Ports, effects: tuple[Carry, ...], at: datetime) -> Text:
    """Do the blocks of one ended session in order and return what the actor reads. Raises
    `Refused`."""
    session = effects[0].session
    draft = Draft(program, session, ports.reads)
    env: dict[str, Value] = {
        **draft.fields,
        "answers": dict(session.answers),
        "measurements": measurements(draft),
        "actor": Row("person", session.actor.id, session.actor.name),
    }
    context = Context(session.actor, str(session.id), at)
    reply = Text()
    for effect in effects:
        for index, action in enumerate(draft.flow.blocks[effect.block]):
            planned = _plan(draft, action, env, f"{session.id}:{effect.block}:{index}", at)
            if planned is not None:
                reply = lines(reply, _do(planned, ports, context, env))
    return reply


def measurements(draft: Draft) -> tuple[Measured, ...]:
    """Return every answer that has a limit, with the bounds that were in force."""
    return tuple(
        Measured(name, answer.value, answer.bounds, answer.deviation, answer.approved)
        for name, answer in draft.session.answers.items()
        if answer.bounds is not None
    )


def _plan(
    draft: Draft, action: Action, env: dict[str, Value], key: str, at: datetime
) -> Planned | None:
    flow, ask = draft.flow, draft.reads.facts.ask

    def evaluate(text: str) -> Value:
        value: Value = flow.codes[text](env, ask, at)
        return value

    if action.when is not None and evaluate(action.when) is not True:
        return None
    return action.plan(
        Planning(evaluate, lambda text: flow.texts[text].render(env), draft.session.actor, key)
    )


def _do(planned: Planned, ports: Ports, context: Context, env: dict[str, Value]) -> Text:
    match planned:
        case RunOperation(operation, parameters, result):
            row = ports.operations.run(operation, parameters, context)
            if result:
                env[result] = row
        case FireTransition(transition, record, name, reason):
            env[name] = ports.operations.fire(record, transition, context, reason)
        case Notice():
            ports.outbox.notify(planned)
        case Paper():
            ports.outbox.paper(planned)
        case Reply(text):
            return text
    return Text()
