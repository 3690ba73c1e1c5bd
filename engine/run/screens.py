"""The screens that are not questions of a flow: menu, resume, cancel, result, decisions, an
unknown chat.

Each makes a Prompt from values; what pressing a button does is in `engine.run.perform`."""

from __future__ import annotations

from dataclasses import replace

from engine.languages.message import Message
from engine.model.conversation import Actor, Button, Chat, Prompt, Screen, Session
from engine.model.effects import Notice, Request
from engine.model.text import Text, bold, lines, warned
from engine.ports import Ports, Standing
from engine.run.around import resource_title
from engine.run.away import of_held
from engine.run.cards import line_of, may_do
from engine.run.draft import Draft
from engine.run.menu import counted, list_of, menu, named, submenu
from engine.run.program import Program
from engine.run.question import decision_of, progress, question
from engine.run.stored import draft_key
from engine.run.task_screens import NAMES as TASK_SCREENS
from engine.run.task_screens import rows_of, task_screen
from engine.run.ways import MENU
from engine.schema.menu import MenuEntry
from engine.steps.base import OnDeviation

GO_ON = Message("Продолжить")
COMMENT = (3, 500)  # characters of a comment on a decision (domain 4.5)
NAME = (2, 100)  # characters of the typed name and workplace (domain 4.2)


def prompt_of(program: Program, ports: Ports, chat: Chat, actor: Actor | None) -> Prompt:
    """Return the prompt of what a chat shows: a function of the stored chat, so that a crash can
    repeat it."""
    if actor is None:
        return request_access() if chat.screen.name == "request" else stranger()
    top = chat.top
    match chat.screen:
        case Screen("question") if top is not None:
            seen = replace(top, actor=actor)
            return question(Draft(program.under(top.digest, top.flow), seen, ports.reads))
        case Screen("said", text):
            go_on = ((Button(GO_ON, "go_on"),),) if top else ()
            return Prompt(Text.of(text), (*go_on, (MENU,)))
        case Screen("resume", key) if _draft_of(chat, key) is not None:
            return resume(program, ports, chat, key)
        case Screen("cancel") if top is not None:
            return cancel(program, top)
        case Screen("comment", arg):
            return comment(program, ports, arg)
        case Screen("submenu", key):
            found = submenu(program, ports.reads, actor, key)
            return found or menu(program, ports, chat, actor)
        case Screen("language"):
            return language(program)
        case Screen("tasks", key):
            return tasks(ports, actor, list_of(program, ports.reads, actor, key))
        case Screen("at", resource):
            return tasks_at(program, ports, actor, resource)
        case Screen(name) if name in TASK_SCREENS:
            found = task_screen(program, ports.tasks, chat, actor)
            return found or tasks(ports, actor)
        case Screen("card", deviation):
            return card(program, ports, actor, deviation)
        case _:
            return menu(program, ports, chat, actor)


def language(program: Program) -> Prompt:
    """Ask a person for the language that he reads; each language has its own name for itself."""
    buttons = [(Button(title, "speak", code),) for code, title in program.project.languages.items()]
    return Prompt(bold(Message("Выберите язык")), (*buttons, (MENU,)))


def _draft_of(chat: Chat, key: str) -> Session | None:
    return next((session for session in chat.sessions if draft_key(session) == key), None)


def resume(program: Program, ports: Ports, chat: Chat, key: str) -> Prompt:
    """Ask whether to go on with a draft."""
    session = _draft_of(chat, key)
    assert session is not None
    draft = Draft(program.under(session.digest, session.flow), session, ports.reads)
    words = {"title": named(draft), "progress": progress(draft)}
    asked = Message("Продолжить «{title}», шаг {progress}?", words)
    return Prompt(
        lines(asked, of_held(chat)),
        (
            (Button(GO_ON, "resume", key),),
            (Button(Message("Начать заново"), "restart", key),),
            (Button(Message("Отменить"), "cancel", key),),
            (MENU,),
        ),
    )


def cancel(program: Program, session: Session) -> Prompt:
    """Ask whether to destroy the draft on top."""
    title = program.under(session.digest, session.flow).flows[session.flow].title
    return Prompt(
        lines(bold(title), Message("Точно отменить? Ответы пропадут")),
        (
            (Button(Message("Да, отменить"), "drop"),),
            (Button(Message("Нет, вернуться к форме"), "go_on"),),
        ),
    )


def tasks(ports: Ports, actor: Actor, entry: MenuEntry | None = None) -> Prompt:
    """List the decisions that wait for the person's roles, oldest first, and his tasks, overdue
    first: all, or those of an entry of the menu."""
    kinds = entry.tasks if entry else ()
    open_ones = ports.deviations.open(actor.roles)
    rows: list[tuple[Button, ...]] = [
        (Button(standing.card.first_line, "card", standing.id),) for standing in open_ones
    ]
    rows += rows_of(ports.tasks, actor, ports.reads.clock.now(), kinds)
    nothing = "" if rows else Message("Задач нет")
    title = counted(entry, str(len(rows))) if entry else Message("Мои задачи")
    return Prompt(lines(bold(title), nothing), (*rows, (MENU,)))


def tasks_at(program: Program, ports: Ports, actor: Actor, resource: str) -> Prompt:
    """List the tasks of a person at a piece of equipment."""
    now = ports.reads.clock.now()
    mine = [one for one in ports.tasks.at(resource) if may_do(actor, one)]
    rows = tuple((Button(line_of(one, now), "task", one.id),) for one in mine)
    nothing = "" if rows else Message("Задач нет")
    title = bold(resource_title(program.project, resource))
    return Prompt(lines(title, nothing), (*rows, (MENU,)))


def asked_by(program: Program, standing: Standing) -> OnDeviation | None:
    """Return how a decision request is decided, under the version of the form that asks."""
    under = program.under(standing.digest, standing.flow)
    return decision_of(under, standing.flow, standing.step)


def answers_of(spec: OnDeviation | None, deviation: str) -> tuple[Button, ...]:
    """Return the buttons that answer a decision request; none when its question is gone."""
    answers = spec.answers if spec else {}
    return tuple(
        Button(answer.title, "answer", f"{deviation}:{code}") for code, answer in answers.items()
    )


def card_notice(program: Program, request: Request) -> Notice:
    """Return the card of a decision request as a notice to every holder of the roles that
    decide."""
    session = request.session
    under = program.under(session.digest, session.flow)
    buttons = answers_of(decision_of(under, session.flow, request.step), request.id)
    return Notice(
        key=f"deviation:{request.id}",
        text=request.card,
        roles=request.roles,
        deviation=request.id,
        buttons=tuple((button.title, button.act, button.arg) for button in buttons),
        pictures=request.pictures,
    )


def card(program: Program, ports: Ports, actor: Actor, deviation: str) -> Prompt:
    """Show a decision request: with its answers while it is open, with the decision after."""
    standing = ports.deviations.get(deviation)
    if standing is None:
        return tasks(ports, actor)
    if standing.state != "open":
        return Prompt(lines(standing.card, Text.of(decided(standing))), ((MENU,),))
    spec = asked_by(program, standing)
    buttons = answers_of(spec, standing.id) if spec and actor.roles & set(spec.roles) else ()
    return Prompt(standing.card, (*((button,) for button in buttons), (MENU,)))


def decided(standing: Standing) -> str:
    """Say who decided and when; or that the request was taken back."""
    if standing.decided_at is None:
        return Message("Запрос отозван: значение исправляют или форма отменена")
    return Message(
        "Уже сделано: {who}, {at}",
        {"who": standing.decider, "at": f"{standing.decided_at:%H:%M}"},
    )


def comment(program: Program, ports: Ports, arg: str, trouble: str = "") -> Prompt:
    """Ask for the comment on a decision; it can be skipped where the flow says so."""
    deviation, _, code = arg.partition(":")
    standing = ports.deviations.get(deviation)
    spec = asked_by(program, standing) if standing else None
    if standing is None or spec is None or code not in spec.answers:
        return Prompt(Text.of(Message("Этого запроса больше нет")), ((MENU,),))
    answer = spec.answers[code]
    asked = Message(
        "{answer}. Комментарий (обязательно)"
        if answer.comment == "required"
        else "{answer}. Комментарий",
        {"answer": answer.title},
    )
    rows = ((Button(Message("Пропустить"), "no_comment"),),) if answer.comment == "optional" else ()
    return Prompt(
        lines(
            standing.card,
            warned(trouble) if trouble else "",
            bold(asked),
        ),
        (*rows, (Button(Message("⬅ Назад"), "card", deviation),)),
    )


def stranger(trouble: str = "") -> Prompt:
    """Ask an unknown chat for an invitation code."""
    return Prompt(
        lines(
            warned(trouble) if trouble else "",
            Message("Вас нет в системе. Введите код приглашения от администратора"),
        ),
        ((Button(Message("Запросить доступ"), "request"),),),
    )


def request_access(trouble: str = "") -> Prompt:
    """Ask an unknown chat who is there."""
    return Prompt(
        lines(warned(trouble) if trouble else "", Message("Как вас зовут и где вы работаете?")),
        ((Button(Message("⬅ Назад"), "stranger"),),),
    )
