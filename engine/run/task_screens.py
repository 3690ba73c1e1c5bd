"""The screens of tasks: a card, taking one over, putting a form off, asking for a reason."""

from __future__ import annotations

from datetime import datetime

from engine.languages.message import Message
from engine.model.conversation import Actor, Button, Chat, Prompt, Screen
from engine.model.text import Text, bold, lines
from engine.model.work import Task
from engine.plant_ports import Tasks
from engine.run.cards import buttons_of, ended, line_of, may_do, taken
from engine.run.program import Program
from engine.run.ways import MENU

NAMES = ("task", "over", "put_off", "why")


def task_screen(program: Program, tasks: Tasks, chat: Chat, actor: Actor) -> Prompt | None:
    """Return the prompt of a screen of this page; None for any other, or when its task is gone."""
    name, arg = chat.screen.name, chat.screen.arg
    if name == "why":
        return _why(program, tasks, arg)
    task = tasks.get(arg) if name in NAMES else None
    if task is None:
        return None
    match Screen(name, arg):
        case Screen("task"):
            return card(program, task, actor)
        case Screen("over"):
            return Prompt(
                lines(task.wanted.text, Text.of(taken(task).said)),
                ((Button(Message("Взять себе"), "take_over", task.id),), (MENU,)),
            )
        case _:
            top = chat.top
            under = program.under(top.digest, top.flow) if top else program
            words = {"form": under.flows[top.flow].title if top else ""}
            return Prompt(
                Text.of(Message("Отложить «{form}» и открыть задачу?", words)),
                (
                    (Button(Message("Отложить"), "put_off", task.id),),
                    (Button(Message("Остаться"), "go_on"),),
                ),
            )


def card(program: Program, task: Task, actor: Actor) -> Prompt:
    """Show a task with what can be done, or what became of it."""
    if not task.waits:
        return Prompt(lines(task.wanted.text, Text.of(ended(task).said)), ((MENU,),))
    buttons = buttons_of(program, task, actor.roles) if may_do(actor, task) else ()
    return Prompt(task.wanted.text, (*((button,) for button in buttons), (MENU,)))


def rows_of(
    tasks: Tasks, actor: Actor, now: datetime, kinds: tuple[str, ...] = ()
) -> list[tuple[Button, ...]]:
    """Return the lines of «Мои задачи»: overdue first, then the oldest; of `kinds` when they are
    named."""
    return [
        (Button(line_of(task, now), "task", task.id),)
        for task in tasks.open_for(actor, now)
        if not kinds or task.wanted.kind in kinds
    ]


def needs_reason(program: Program, kind: str, transition: str) -> bool:
    """Tell whether a transition asks for a reason, also one that need not be given."""
    forms = program.machine_for(kind, transition).lifecycle.forms(transition)
    return any(form.reason for form in forms)


def _why(program: Program, tasks: Tasks, arg: str) -> Prompt:
    """Ask why: a transition is done, or a signature is declined."""
    if arg.startswith("unsign:"):
        task = tasks.get(arg.removeprefix("unsign:"))
        what = task.wanted.text if task else Text()
        return Prompt(lines(what, bold(Message("Почему отклоняете?"))), ((MENU,),))
    kind, _, transition = arg.split(":", 2)
    life = program.machine_for(kind, transition).lifecycle
    optional = all(form.reason is not True for form in life.forms(transition))
    asked = next((form.question for form in life.forms(transition) if form.question), "")
    title = asked or Message("{title}. Укажите причину", {"title": life.title_of(transition)})
    skip = ((Button(Message("Пропустить"), "no_why"),),) if optional else ()
    return Prompt(bold(title), (*skip, (MENU,)))
