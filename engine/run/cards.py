"""Tasks as people see them: who may do one, its card, what is said when it is no longer there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from engine.errors import Refusal, say
from engine.languages.message import Message
from engine.model.conversation import Actor, Button
from engine.model.effects import Notice
from engine.model.text import Text, lines
from engine.model.work import RETRY, Receivers, Task, TaskWanted
from engine.ports import Outbox
from engine.run.anywhere import over_task
from engine.run.program import Program
from engine.run.told import TWICE, told_of_late
from engine.schema.lifecycle import TaskForm


def may_do(actor: Actor, task: Task) -> bool:
    """Tell whether a task is a person's work."""
    signature = task.wanted.signature
    return is_for(actor, task.wanted.to, signature.excluded if signature else ())


def is_for(actor: Actor, to: Receivers, barred: Collection[str] = ()) -> bool:
    """Tell whether a person is one of those for whom work is, and not `barred` from it."""
    if actor.id in barred:
        return False
    return actor.id in to.people or not actor.roles.isdisjoint(to.roles)


def ended(task: Task, second: str = "") -> Refusal:
    """Say what became of a task that waits no more; of one that asked for a signature, or was done
    by a signed command, both names (`second` confirmed)."""
    if task.state == "done":
        when = f"{task.at:%H:%M}" if task.at else "—"
        signature = task.wanted.signature
        if signature is not None or second:
            names = (signature.first_name, task.by) if signature else (task.by, second)
            words = {"first": names[0], "who": names[1], "when": when}
            return Refusal("Уже сделано: {first}, подтвердил(а) {who}, {when}", words)
        return Refusal("Уже сделано: {who}, {when}", {"who": task.by, "when": when})
    why = task.why if isinstance(task.why, Message) else Message(task.why)
    return Refusal("Задача снята: {why}", {"why": why})


def taken(task: Task) -> Refusal:
    """Say who has a task."""
    when = f"{task.at:%H:%M}" if task.at else "—"
    return Refusal("Взял(а): {who}, {when}", {"who": task.by, "when": when})


def key_of(task: Task) -> str:
    """Return the key of a task's messages."""
    return f"task:{task.id}:{task.issue}"


def buttons_of(program: Program, task: Task, roles: Collection[str]) -> tuple[Button, ...]:
    """Return what can be pressed on the card of a task that waits, by holders of these roles:
    what does it, then what may be opened over anything, with the task attached."""
    return (*_doing(program, task), *over_task(program, task, roles))


def _doing(program: Program, task: Task) -> tuple[Button, ...]:
    wanted = task.wanted
    if wanted.signature is not None:
        if not wanted.signature.lifecycle:  # answered where it was given
            return ()
        return (
            Button(say("✅ Подтвердить"), "sign", task.id),
            Button(say("❌ Отклонить"), "unsign", task.id),
        )
    if wanted.kind == RETRY:
        return (Button(say("🔁 Попробовать ещё раз"), "retry", task.id),)
    presses = tuple(Button(title, "do", f"{task.id}:{name}") for name, title in pressed(wanted))
    if not wanted.flow:
        return presses
    return (*presses, Button(_beginning(program, wanted), "form" if presses else "task", task.id))


def pressed(wanted: TaskWanted) -> tuple[tuple[str, str], ...]:
    """Return the transitions that are done on the card of a task itself, with their titles; the
    title that its form's button has of its own is none of them."""
    return tuple(one for one in wanted.buttons if one[0] != wanted.flow)


def _beginning(program: Program, wanted: TaskWanted) -> str:
    """Return what the button that opens a task's form says: its own title, else the transition
    that taking the task does, else the form's title."""
    life = program.lifecycles.get(wanted.lifecycle)
    forms = life.lifecycle.forms(wanted.claim) if life is not None and wanted.claim else ()
    flow = program.flows.get(wanted.flow)
    own = dict(wanted.buttons).get(wanted.flow, "")
    titles = (own, *(form.title for form in forms), flow.title if flow else "", wanted.title)
    return next((title for title in titles if title), "")


def card_of(program: Program, task: Task, above: Text | str = "") -> Notice:
    """Return the card of a task as a notice to everyone who may do it."""
    buttons = buttons_of(program, task, task.wanted.to.roles)
    return Notice(
        key=key_of(task),
        text=lines(above, task.wanted.text),
        roles=task.wanted.to.roles,
        people=task.wanted.to.people,
        buttons=tuple((one.title, one.act, one.arg) for one in buttons),
    )


def late(program: Program, task: Task, level: int, now: datetime) -> Notice:
    """Return the reminder of a task that waits too long: at level 1 to those who do it, with the
    buttons; above that only told to those whom `escalation:` names."""
    escalation = program.project.escalation
    minutes = int((now - task.created_at).total_seconds() // 60)
    card = card_of(program, task, say("⏰ Ждёт {minutes} мин", minutes=minutes))
    form = form_of(program, task.wanted)
    can_wait = level == TWICE and not (form is not None and form.critical)
    card = replace(card, key=_level_key(task, level), can_wait=can_wait)
    roles = told_of_late(escalation, level, card.roles)
    people = card.people if roles == card.roles else ()
    return replace(card, roles=roles, people=people, buttons=() if level > 1 else card.buttons)


def _level_key(task: Task, level: int) -> str:
    return f"task:{task.id}:level:{level}"


def form_of(program: Program, wanted: TaskWanted) -> TaskForm | None:
    """Return how a state asks for a task; None when no state does."""
    life = program.lifecycles.get(wanted.lifecycle)
    states = life.lifecycle.states.values() if life is not None else ()
    tasks = (one for state in states for one in state.tasks)
    return next((one for one in tasks if one.kind == wanted.kind), None)


def line_of(task: Task, now: datetime) -> str:
    """Return the line of a task in «Мои задачи»."""
    minutes = int((now - task.created_at).total_seconds() // 60)
    mark = "⏱ " if task.overdue(now) else ""
    who = f" — {taken(task)}" if task.state == "claimed" else ""
    return say(
        "{mark}{title}, ждёт {minutes} мин{who}",
        mark=mark, title=task.wanted.title, minutes=minutes, who=who,
    )  # fmt: skip


def take_card(outbox: Outbox, task: Task, actor: Actor) -> None:
    """Say on the others' cards of a task who took it."""
    outbox.change(key_of(task), Text.of(taken(task).said), live=False, but=actor.id)


def reopen_card(outbox: Outbox, task: Task) -> None:
    """Bring the cards of a task back as they were."""
    outbox.change(key_of(task), Text(), live=True)


def close_card(outbox: Outbox, task: Task, second: str = "") -> None:
    """Say on the cards of a task what became of it, and send none that waits yet (domain 5.11);
    `second` confirmed the command that did it."""
    outbox.change(key_of(task), Text.of(ended(task, second).said), live=False, over=True)
    if task.level == TWICE:  # it may still wait for the end of somebody's quiet hours
        outbox.drop(_level_key(task, TWICE))
