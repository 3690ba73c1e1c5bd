"""One transition done: places, actions, the record with its history, tasks, timers.

Start at `command` and `do_move`. What became possible by it is the dispatcher's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.actions.base import Action, FireTransition, Planned, Planning, RunOperation
from engine.errors import EngineError, Refusal, Refused
from engine.languages.message import Message
from engine.model.effects import Notice, Paper
from engine.model.fields import over
from engine.model.text import Text
from engine.model.values import Row, Value, records_in
from engine.model.work import COUNTERSIGN, Alarm, TaskWanted
from engine.plant_ports import Change
from engine.run import because
from engine.run.around import Around, Env, resource_of
from engine.run.entry import entered
from engine.run.lives import Doing, end_task, fresh, open_task
from engine.run.machine import LifecycleMachine
from engine.run.move import Command, Move, SignatureWanted, move
from engine.run.stored import pack_given

WAITS = Message("Второго человека уже ждёт другая команда: «{task}». Сначала ответ на неё")


def command(doing: Doing, record: Row, asked: Command) -> None:
    """Decide a transition and do it, or ask for the second signature. Raises Refused."""
    lives = doing.lives
    row = fresh(lives, record)
    machine = lives.program.machine_for(row.kind, asked.transition)
    around = lives.around(doing.at)
    outcome = move(machine, row, asked, around)
    if isinstance(outcome, Refusal):
        raise Refused(outcome)
    if isinstance(outcome, SignatureWanted):
        _ask_signature(doing, machine, row, outcome)
        return
    do_move(doing, machine, row, outcome, asked.given)


def do_move(
    doing: Doing,
    machine: LifecycleMachine,
    row: Row,
    decided: Move,
    given: Mapping[str, Value],
) -> None:
    """Do a move: places, actions, the record with its history, tasks, timers."""
    lives, life = doing.lives, machine.lifecycle
    for name in decided.frees:
        lives.resources.free(name, row, life.lifecycle)
    for name in decided.takes:
        resource = resource_of(lives.program.project, name)
        capacity = resource.capacity if resource else 0
        lives.resources.take(name, capacity, row, life.lifecycle, doing.at)
    if decided.do:
        ahead = replace(row, fields=over(row.fields, decided.sets))
        keyed = any(action.keyed for action in decided.do)
        version = lives.records.version(row) if keyed else ""
        key = f"{row.kind}:{row.id}:{version}:{decided.transition}"
        do_actions(doing, machine, ahead, decided.do, key, {**given, "reason": decided.reason})
    change = Change(
        life.lifecycle,
        life.field,
        decided.transition,
        decided.source,
        decided.to,
        decided.sets,
        _reason(decided),
        decided.stays,
    )
    after = lives.records.move(row, change, doing.actor, doing.at)
    doing.touched.append((row.kind, row.id))
    doing.moved[row.kind, row.id] = after
    _close_tasks(doing, machine, row, decided)
    if decided.stays:
        return
    entry = entered(machine, after, lives.around(doing.at))
    for wanted in entry.tasks:
        open_task(lives, wanted, doing.at)
    name = lives.records.entry(after, life.field) if entry.timers else ""
    for timer, due in entry.timers:
        lives.alarms.plan(Alarm(row.kind, row.id, life.lifecycle, decided.to, name, timer, due))


def _reason(decided: Move) -> str:
    if decided.second is None:
        return decided.reason
    form = because.SIGNED if decided.reason else because.SIGNED_ALONE
    return form.with_values({"reason": decided.reason, "second": decided.second.name})


def do_actions(
    doing: Doing,
    machine: LifecycleMachine,
    row: Row,
    actions: tuple[Action, ...],
    key: str,
    words: Mapping[str, Value],
) -> None:
    """Do the actions of a transition or a timer; `key` makes their notices unique."""
    who = doing.context.actor
    person = Row("person", who.id, who.name, {"full_name": who.name})
    env: Env = over(machine.env(row), {**words, "actor": person})
    around = doing.lives.around(doing.at)
    for at, action in enumerate(actions):
        for index, member in enumerate(_members(action, env, around)):
            seen = over(env, member)
            if action.when is None or around.value(action.when, seen) is True:
                planned = _plan(doing, machine, action, seen, f"{key}:{at}:{index}")
                result = _do(doing, machine, planned, seen)
                made = {name: one for name, one in result.items() if name not in member}
                env = over(env, made)


def _members(action: Action, env: Env, around: Around) -> list[Mapping[str, Value]]:
    """Return what an action is done for: once, or for each member of a list."""
    if not action.each:
        return [{}]
    ((name, text),) = action.each.items()
    found = around.value(text, env)
    return [{name: one} for one in found] if isinstance(found, tuple | list) else []


def _plan(doing: Doing, machine: LifecycleMachine, action: Action, env: Env, key: str) -> Planned:
    around = doing.lives.around(doing.at)
    return action.plan(
        Planning(
            lambda text: around.value(text, env),
            lambda text: machine.texts[text].render(env, around.ask, around.now),
            doing.context.actor,
            key,
            lambda name: around.crew(name, env),
            argument=pack_given,
        )
    )


def _do(doing: Doing, machine: LifecycleMachine, planned: Planned, env: Env) -> Mapping[str, Value]:
    """Do one planned action; return what it made, by name."""
    lives = doing.lives
    match planned:
        case RunOperation(operation, parameters, result):
            made = lives.run(operation, parameters, doing.context)
            used = [(one.kind, one.id) for one in records_in((*parameters.values(), made))]
            doing.touched += used
            for one in used:
                doing.moved.pop(one, None)
            return {result: made} if result else {}
        case FireTransition(transition, other, name, reason, given):
            command(doing, other, Command(transition, doing.actor, reason, given=given))
            fresh_one = fresh(lives, other)
            return {name: fresh_one} if name in env else {}
        case Notice():
            lives.outbox.notify(planned)
        case TaskWanted():
            about_this = planned.record == machine.lifecycle.record
            owner = machine.lifecycle.lifecycle if about_this else ""
            open_task(lives, replace(planned, lifecycle=owner), doing.at)
        case Paper():
            lives.outbox.paper(replace(planned, version=lives.program.digest))
        case _:
            raise EngineError(f"a transition cannot do {type(planned).__name__}")
    return {}


def _close_tasks(doing: Doing, machine: LifecycleMachine, row: Row, decided: Move) -> None:
    """End the tasks of the state that was left: done by who did it, or cancelled. A task whose
    taking or giving back is this very transition goes along."""
    life = machine.lifecycle
    for task in doing.lives.tasks.of(row.kind, row.id):
        wanted = task.wanted
        if wanted.lifecycle != life.lifecycle or decided.transition in (
            wanted.claim,
            wanted.release,
        ):
            continue
        if doing.lives.program.does(wanted, decided.transition):
            done = doing.lives.tasks.complete(task.id, doing.actor, doing.at)
            end_task(doing.lives, done, decided.second.name if decided.second else "")
        elif not decided.stays:
            why = life.tasks_off(decided.transition)
            end_task(doing.lives, doing.lives.tasks.cancel(task.id, why, doing.at))


def _ask_signature(
    doing: Doing, machine: LifecycleMachine, row: Row, wanted: SignatureWanted
) -> None:
    signature = wanted.signature
    who = row.title or machine.lifecycle.title
    text = Message(
        "{first} просит подтвердить: «{title}», {record}. {reason}"
        if signature.reason
        else "{first} просит подтвердить: «{title}», {record}.",
        {
            "first": signature.first_name,
            "title": wanted.title,
            "record": who,
            "reason": signature.reason,
        },
    )
    task = open_task(
        doing.lives,
        TaskWanted(
            COUNTERSIGN,
            row.kind,
            row.id,
            Message("Подтвердить «{title}»: {record}", {"title": wanted.title, "record": who}),
            Text.of(text),
            wanted.to,
            machine.lifecycle.lifecycle,
            warn_s=wanted.warn_s,
            breach_s=wanted.breach_s,
            signature=signature,
        ),
        doing.at,
    )
    if task.wanted.signature != signature:
        raise Refused(Refusal(WAITS, {"task": task.wanted.title}))
