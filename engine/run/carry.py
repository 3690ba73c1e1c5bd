"""Carry out the actions of a flow's block: each is planned as data, then done through a port, in
order.

Runs inside the transaction of the turn; an operation that refuses raises `Refused` and everything
rolls back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.actions.base import Action, FireTransition, Planned, Planning, Reply, RunOperation
from engine.expressions.compile import compile_expression
from engine.model.conversation import Bounds
from engine.model.effects import Carry, Measured, Notice, Open, Paper, ReportWanted
from engine.model.text import Text, lines
from engine.model.values import Row, Value, records_in
from engine.model.work import TaskWanted
from engine.ports import Context, Ports
from engine.run.around import crew_roles
from engine.run.draft import Draft
from engine.run.limits import read_call
from engine.run.lives import make_task
from engine.run.program import FlowProgram, Program
from engine.run.stored import pack_given

ANSWER, NOTHING = "answer:", Text()


@dataclass(frozen=True, slots=True)
class Carried:
    """What the blocks of a session leave for the chat: the text and buttons that the actor reads,
    the flow to open for him."""

    text: Text = NOTHING
    buttons: tuple[tuple[str, str, str], ...] = ()
    open: Open | None = None


def carry(program: Program, ports: Ports, effects: tuple[Carry, ...], at: datetime) -> Carried:
    """Do the blocks of one session in order and return what the actor gets. Raises `Refused`."""
    session = effects[0].session
    draft = Draft(program, session, ports.reads)
    context = Context(session.actor, str(session.id), at, program.digest)
    carried = Carried()
    env: dict[str, Value] = {}
    for effect in effects:
        touched: list[Row] | None = None  # by operations; None: none ran since the system looked
        flow, scope, actions = _block(draft, effect.block)
        if not env:
            env = {
                **scope,
                "answers": dict(session.answers),
                "measurements": measurements(draft),
            }
        for index, action in enumerate(actions):
            key = f"{session.id}:{effect.block}:{index}"
            for planned in _plans(draft, flow, action, env, key):
                done = _do(planned, program, ports, context, env, touched or ())
                carried = _with(carried, done)
                if isinstance(planned, RunOperation):
                    made = env.get(planned.result) if planned.result else None
                    touched = (touched or []) + records_in((*planned.parameters.values(), made))
                elif isinstance(planned, FireTransition):
                    touched = None
        if touched is not None:
            ports.operations.settle(touched, context)
    return carried


def _with(carried: Carried, more: Carried) -> Carried:
    return Carried(
        lines(carried.text, more.text),
        (*carried.buttons, *more.buttons),
        more.open or carried.open,
    )


def _block(draft: Draft, block: str) -> tuple[FlowProgram, Mapping[str, Value], tuple[Action, ...]]:
    """Return the actions of a block with the flow they are written in and the fields in sight."""
    if not block.startswith(ANSWER):
        return draft.flow, draft.fields, draft.flow.blocks[block]
    address, _, code = block.removeprefix(ANSWER).rpartition(":")
    stop = draft.located(address)
    return stop.flow, stop.env, stop.flow.blocks[f"{ANSWER}{stop.node.path}:{code}"]


def measurements(draft: Draft) -> tuple[Measured, ...]:
    """Return every answer that has a limit, with the bounds that were in force."""
    answers = draft.session.answers
    answered = [
        Measured(
            name, answer.value, answer.bounds, answer.deviation, answer.approved, answer.reason
        )
        for name, answer in answers.items()
        if answer.bounds is not None
    ]
    computed = [
        Measured(name, value, bounds, "", True)
        for name, value, bounds in draft.walk.measured
        if name not in answers
    ]
    return (*answered, *computed)


def _plans(
    draft: Draft, flow: FlowProgram, action: Action, env: dict[str, Value], key: str
) -> Iterator[Planned]:
    """Plan an action: once, or once for each member of its list."""
    if not action.each:
        planned = _plan(draft, flow, action, env, key)
        if planned is not None:
            yield planned
        return
    ((name, source),) = action.each.items()
    members = draft.asking.run(flow.codes[source], env)
    for at, member in enumerate(members if isinstance(members, tuple | list) else ()):
        planned = _plan(draft, flow, action, {**env, name: member}, f"{key}:{at}")
        if planned is not None:
            yield planned


def _plan(
    draft: Draft, flow: FlowProgram, action: Action, env: dict[str, Value], key: str
) -> Planned | None:
    asking, program = draft.asking, draft.program

    def evaluate(text: str) -> Value:
        value: Value = flow.codes[text](env, asking.ask, asking.now)
        return value

    def bounds(limit: str) -> Bounds | None:
        call = read_call(limit, program.limits)
        codes = {text: compile_expression(text) for text in call.arguments.values()}
        return asking.bounds(call, codes, env)

    if action.when is not None and evaluate(action.when) is not True:
        return None
    return action.plan(
        Planning(
            evaluate,
            lambda text: flow.texts[text].render(env, asking.ask, asking.now),
            draft.session.actor,
            key,
            lambda crew: crew_roles(program.project, crew, env),
            bounds,
            pack_given,
        )
    )


def _do(
    planned: Planned,
    program: Program,
    ports: Ports,
    context: Context,
    env: dict[str, Value],
    touched: Sequence[Row],
) -> Carried:
    match planned:
        case RunOperation(operation, parameters, result):
            row = ports.operations.run(operation, parameters, context)
            if result:
                env[result] = row
        case FireTransition(transition, record, name, reason, given):
            env[name] = ports.operations.fire(record, transition, context, reason, given, touched)
        case Measured():
            there = env["measurements"]
            env["measurements"] = (*(there if isinstance(there, tuple) else ()), planned)
        case Notice():
            ports.outbox.notify(planned)
        case Paper():
            ports.outbox.paper(replace(planned, version=program.digest))
        case ReportWanted():
            ports.outbox.report(replace(planned, version=program.digest))
        case TaskWanted():
            make_task(program, ports.tasks, ports.outbox, planned, context.at)
        case Open():
            return Carried(open=planned)
        case Reply(text, buttons):
            return Carried(text, buttons)
    return Carried()
