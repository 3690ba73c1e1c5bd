"""Tasks in a chat: opening one, doing it by a button, signing, taking over, giving reasons.

`ACTS` hooks what pressing does into `reactions`, `task_screen` what is shown into `screens`. A
task never depends on its message: the right to it and its state are looked up at every press."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.conversation import Chat, Input, Screen
from engine.model.effects import Notice
from engine.model.text import Text, warned
from engine.model.values import Row
from engine.model.work import COUNTERSIGN, Task
from engine.ports import Context
from engine.run.around import resource_title
from engine.run.cards import close_card, ended, form_of, may_do, pressed, take_card, taken
from engine.run.decisions import NOT_YOURS
from engine.run.desk import QUESTION, Desk, Reaction, begin, menu_of, read_afresh, show
from engine.run.program import Program
from engine.run.rights import may_run
from engine.run.task_screens import needs_reason
from engine.steps.base import written

REASON = (3, 500)  # characters of a reason (domain 4.5)
OTHER_ROLE = Message("Эта задача для другой роли")
GONE = Message("Этого больше нет")
NO_ROLE = Message("Для этого у вас нет роли")
SIGNED = Message("Ждёт подтверждения второго человека")
TRIED = Message("Система попробовала ещё раз")
BROKE_AGAIN = Message("Снова не получилось. Система попробует ещё")


def _task(desk: Desk, chat: Chat, name: str) -> Task | Reaction:
    """Return a task that may be done now by who presses, or what he is told."""
    task = desk.ports.tasks.get(name)
    if task is None:
        return Reaction(chat, toast=NOT_YOURS, alert=True, quiet=True)
    if not task.waits:
        return Reaction(chat, toast=ended(task).said, alert=True, quiet=True, strip=True)
    if not may_do(desk.known, task):
        return Reaction(chat, toast=OTHER_ROLE, alert=True, quiet=True)
    return task


def _open(desk: Desk, chat: Chat, name: str) -> Reaction:
    """Open a task: its card, or its form when there is nothing else on the card to press."""
    task = _task(desk, chat, name)
    if isinstance(task, Reaction):
        return task
    if pressed(task.wanted) or not task.wanted.flow:
        return show(desk, replace(chat, screen=Screen("task", name)), edit=True)
    return _open_form(desk, chat, name)


def open_at(desk: Desk, chat: Chat, resource: str) -> Reaction:
    """Open what a person has to do at a piece of equipment: his only task, a list of several;
    without any he is told so over all his tasks."""
    mine = [one for one in desk.ports.tasks.at(resource) if may_do(desk.known, one)]
    if len(mine) == 1:
        return replace(_open(desk, chat, mine[0].id), edit=False)
    if mine:
        return show(desk, replace(chat, screen=Screen("at", resource)))
    words = {"title": resource_title(desk.program.project, resource)}
    nothing = warned(Message("{title}: для вас задач здесь нет", words))
    return show(desk, replace(chat, screen=Screen("tasks")), above=nothing)


def _open_form(desk: Desk, chat: Chat, name: str) -> Reaction:
    """Open the form of a task, or ask whether to put the present one off."""
    task = _task(desk, chat, name)
    if isinstance(task, Reaction):
        return task
    if not task.wanted.flow:
        return Reaction(chat, toast=NOT_YOURS, alert=True, quiet=True)
    mine = [one for one in chat.sessions if str(one.id) == task.session]
    if mine:
        others = tuple(one for one in chat.sessions if one is not mine[0])
        return show(desk, replace(chat, sessions=(*others, mine[0]), screen=QUESTION), edit=True)
    if task.holder and task.holder != desk.known.id:
        return show(desk, replace(chat, screen=Screen("over", name)), edit=True)
    if chat.top is not None and chat.screen.name == "question":
        return show(desk, replace(chat, screen=Screen("put_off", name)), edit=True)
    return _start(desk, chat, name)


def _start(desk: Desk, chat: Chat, name: str, *, over: bool = False) -> Reaction:
    """Begin the form of a task and take it; with the transition that its lifecycle ties to that."""
    task = _task(desk, chat, name)
    if isinstance(task, Reaction):
        return task
    given = read_afresh(desk, task.wanted.flow, task.wanted.given)
    if given is None:
        return show(desk, menu_of(chat), toast=GONE, alert=True, edit=True)
    if not may_run(desk.program, task.wanted.flow, given, desk.known):
        return show(desk, menu_of(chat), toast=NO_ROLE, alert=True, edit=True)
    form = form_of(desk.program, task.wanted)
    if form is not None and not form.claimed:  # a decision: the first who saves it has made it
        return begin(desk, chat, task.wanted.flow, given)
    take = desk.ports.tasks.take_over if over else desk.ports.tasks.claim
    try:
        with desk.ports.transaction():
            taken = take(task.id, desk.known, "", desk.now)
            if isinstance(taken, Refusal):
                raise Refused(taken)
            if task.wanted.claim and not over:
                _fire(desk, task, task.wanted.claim, "")
    except Refused as refused:
        return show(desk, chat, toast=refused.refusal.said, alert=True, edit=True)
    reaction = begin(desk, chat, task.wanted.flow, given)
    top = reaction.chat.top
    if top is not None and top.flow == task.wanted.flow:
        desk.ports.tasks.take_over(task.id, desk.known, str(top.id), desk.now)
        take_card(desk.ports.outbox, taken, desk.known)
    return reaction


def _fire(desk: Desk, task: Task, transition: str, reason: str) -> Row:
    context = Context(desk.known, "", desk.now)
    record = Row(task.wanted.record, task.wanted.record_id)
    return desk.ports.operations.fire(record, transition, context, reason)


def _do(desk: Desk, chat: Chat, arg: str) -> Reaction:
    """Take a press on a button of a card: `task:transition`."""
    name, _, transition = arg.partition(":")
    task = _task(desk, chat, name)
    if isinstance(task, Reaction):
        return task
    if transition not in dict(pressed(task.wanted)):
        return Reaction(chat, toast=NOT_YOURS, alert=True, quiet=True)
    if task.wanted.flow and task.holder not in ("", desk.known.id):
        said = taken(task).said  # the form that he fills in would be refused at its end
        return show(desk, chat, above=warned(said), toast=said, alert=True)
    record = f"{task.wanted.record}:{task.wanted.record_id}"
    return _fired(desk, chat, f"{record}:{transition}")


def _fired(desk: Desk, chat: Chat, arg: str) -> Reaction:
    """Take a press that does a transition of a record: `kind:id:transition`."""
    kind, identity, transition = arg.split(":", 2)
    if needs_reason(desk.program, kind, transition):
        return show(desk, replace(chat, screen=Screen("why", arg)), edit=True)
    return _done(desk, chat, kind, identity, transition, "")


def _done(
    desk: Desk, chat: Chat, kind: str, identity: str, transition: str, reason: str
) -> Reaction:
    title = desk.program.machine_for(kind, transition).lifecycle.title_of(transition)
    chat = replace(chat, screen=QUESTION) if chat.top else menu_of(chat)
    try:
        with desk.ports.transaction():
            context = Context(desk.known, "", desk.now)
            desk.ports.operations.fire(Row(kind, identity), transition, context, reason)
    except Refused as refused:
        said = refused.refusal.said
        return show(desk, chat, above=warned(said), toast=said, alert=True)
    waits = any(
        one.wanted.kind == COUNTERSIGN and one.wanted.signature is not None
        and one.wanted.signature.transition == transition
        for one in desk.ports.tasks.of(kind, identity)
    )  # fmt: skip
    said = Message("{title}: готово", {"title": title})
    return show(desk, chat, above=SIGNED if waits else said, toast=SIGNED if waits else said)


def explained(desk: Desk, chat: Chat, arg: str, given: Input) -> Reaction:
    """Take the reason that a screen asks for: of a transition, or of a declined signature."""
    length = _length(desk.program, arg)
    trouble = written(given, *length, Refusal("Здесь нужна причина текстом"))
    if trouble is not None:
        return show(desk, chat, above=warned(trouble.said))
    return _explained(desk, chat, arg, given.said.strip())


def _length(program: Program, arg: str) -> tuple[int, int]:
    """Return how long a reason must be: as the transition says, else as every comment."""
    if arg.startswith("unsign:"):
        return REASON
    kind, _, transition = arg.split(":", 2)
    forms = program.machine_for(kind, transition).lifecycle.forms(transition)
    return next((form.length for form in forms if form.length), REASON)


def _explained(desk: Desk, chat: Chat, arg: str, said: str) -> Reaction:
    if arg.startswith("unsign:"):
        return _declined(desk, chat, arg.removeprefix("unsign:"), said)
    kind, identity, transition = arg.split(":", 2)
    return _done(desk, chat, kind, identity, transition, said)


def _no_why(desk: Desk, chat: Chat, _: str) -> Reaction:
    """Go on without a reason that need not be given."""
    if chat.screen.name != "why" or chat.screen.arg.startswith("unsign:"):
        return show(desk, chat)
    return _explained(desk, chat, chat.screen.arg, "")


def _to_sign(desk: Desk, chat: Chat, name: str) -> Task | Reaction:
    """Return a task that is answered on its card by a signature."""
    task = _task(desk, chat, name)
    if isinstance(task, Reaction) or (task.wanted.signature and task.wanted.signature.lifecycle):
        return task
    return Reaction(chat, toast=NOT_YOURS, alert=True, quiet=True)


def _sign(desk: Desk, chat: Chat, name: str) -> Reaction:
    """Confirm the command of a first person: it is done now, with both names."""
    task = _to_sign(desk, chat, name)
    if isinstance(task, Reaction):
        return task
    chat = replace(chat, screen=QUESTION) if chat.top else menu_of(chat)
    try:
        with desk.ports.transaction():
            desk.ports.operations.confirm(name, Context(desk.known, "", desk.now))
    except Refused as refused:
        said = refused.refusal.said
        return show(desk, chat, above=warned(said), toast=said, alert=True)
    return show(desk, chat, above=Message("Подтверждено: {what}", {"what": task.wanted.title}))


def _retry(desk: Desk, chat: Chat, name: str) -> Reaction:
    """Let the system try again what it was stopped at."""
    task = _task(desk, chat, name)
    if isinstance(task, Reaction):
        return task
    chat = replace(chat, screen=QUESTION) if chat.top else menu_of(chat)
    try:
        with desk.ports.transaction():
            well = desk.ports.operations.retry(name, Context(desk.known, "", desk.now))
    except Refused as refused:
        said = refused.refusal.said
        return show(desk, chat, above=warned(said), toast=said, alert=True)
    said = TRIED if well else BROKE_AGAIN
    return show(desk, chat, above=said, toast=said)


def _unsign(desk: Desk, chat: Chat, name: str) -> Reaction:
    task = _to_sign(desk, chat, name)
    if isinstance(task, Reaction):
        return task
    return show(desk, replace(chat, screen=Screen("why", f"unsign:{name}")), edit=True)


def _declined(desk: Desk, chat: Chat, name: str, said: str) -> Reaction:
    """Decline a signature: the first person is told, the record stays as it was."""
    task = _to_sign(desk, chat, name)
    if isinstance(task, Reaction):
        return task
    chat = replace(chat, screen=QUESTION) if chat.top else menu_of(chat)
    signature = task.wanted.signature
    gone = desk.ports.tasks.cancel(name, said, desk.now)
    if gone is None or signature is None:
        return show(desk, chat, toast=GONE)
    close_card(desk.ports.outbox, gone)
    words = {"who": desk.known.name, "what": task.wanted.title, "why": said}
    text = Text.of(Message("{who} не подтвердил(а): {what}. {why}", words))
    desk.ports.outbox.notify(Notice(f"task:{name}:declined", text, people=(signature.first,)))
    return show(desk, chat, above=Message("Отклонено: {what}", {"what": task.wanted.title}))


ACTS: Mapping[str, Callable[[Desk, Chat, str], Reaction]] = {
    "task": _open,
    "form": _open_form,
    "put_off": _start,
    "take_over": lambda desk, chat, name: _start(desk, chat, name, over=True),
    "do": _do,
    "fire": _fired,
    "sign": _sign,
    "unsign": _unsign,
    "retry": _retry,
    "no_why": _no_why,
}
