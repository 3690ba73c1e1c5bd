"""What takes an input: a command, a press, a decision, or the screen that the chat shows.

Start at `react`. Every input gets a reaction; authorisation is checked here, at every input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.languages.message import Message
from engine.model.conversation import (
    Button,
    Chat,
    Ended,
    Input,
    Kind,
    Screen,
    Session,
    State,
)
from engine.model.text import warned
from engine.run import because
from engine.run.anywhere import place_after, task_over
from engine.run.arrival import Arrival
from engine.run.away import held_more, is_back, offered
from engine.run.codes import resource_of
from engine.run.decisions import NOT_YOURS, answer_card, commented, no_comment
from engine.run.desk import QUESTION, Desk, Reaction, begin, menu_of, read_afresh, show, turn_of
from engine.run.menu import behind_link
from engine.run.rights import may_run
from engine.run.stored import draft_key, pack_given, unpack_given
from engine.run.strangers import LANGUAGE, met
from engine.run.task_desk import ACTS as TASK_ACTS
from engine.run.task_desk import explained, open_at
from engine.run.task_end import give_up
from engine.run.tokens import LetterPress, ScreenPress, parse

Act = Callable[[Desk, Chat, str], Reaction]  # what a button does, by its argument
NOTHING_SAVED = Message("Ничего не сохранено")
ALREADY = Message("Решение уже принято, сейчас оно придёт сюда")
NO_ROLE = Message("Для этой формы у вас больше нет роли. Черновик сохранён")
NO_LINK = Message("Для этой ссылки у вас нет роли")
HELP = Message(
    "Отвечайте кнопками или текстом. /start — главное меню, /tasks — мои задачи, "
    "/cancel — отменить форму. Начатая форма сохраняется как черновик"
)
STALE = {
    State.SAVED: Message("Уже сохранено в {at}. {result}"),
    State.CANCELLED: Message("Уже отменено в {at}. {result}"),
}
ENDED = Message("Уже завершено в {at}. {result}")


def react(desk: Desk, chat: Chat, arrival: Arrival) -> Reaction:
    """Take one arrival."""
    given = arrival.input
    if given is not None and given.kind is Kind.DECISION:
        return _verdict(desk, chat, given)
    if given is not None and given.kind in (Kind.JOB, Kind.FREE, Kind.CLOCK):
        return _signal(desk, chat, given)
    if given is not None and given.kind is Kind.SHOW:
        return show(desk, chat)
    if desk.actor is None:
        return met(desk, chat, arrival)
    if arrival.command:
        return _command(desk, chat, arrival.command)
    if arrival.data:
        return _press(desk, chat, arrival.data)
    return _said(desk, chat, given or Input.show())


def _command(desk: Desk, chat: Chat, command: str) -> Reaction:
    name, _, code = command.partition(" ")
    match name:
        case "start" if code:
            return _linked(desk, chat, Input.text(code))
        case "cancel" if chat.top is not None:
            return show(desk, replace(chat, screen=Screen("cancel")))
        case "tasks":
            return show(desk, replace(chat, screen=Screen("tasks")))
        case "lang":
            return show(desk, replace(chat, screen=LANGUAGE))
        case "help":
            return show(desk, chat, above=HELP)
        case _:
            return show(desk, menu_of(chat))


def _linked(desk: Desk, chat: Chat, given: Input) -> Reaction:
    """Open what a code names, of a link or of a photo: the task of a piece of equipment, else the
    form of links over whatever is talking, where the code answers the first question. The cards
    that other links opened before go; a form that saves stays as a draft."""
    found = behind_link(desk.program, desk.ports.reads, desk.known)
    gone: tuple[Session, ...] = ()
    for session in chat.sessions:
        if found and session.flow == found[0] and not desk.program.flows[found[0]].blocks["save"]:
            chat, dropped = _ended(desk, chat, session)
            gone = (*gone, dropped)
    if resource := _equipment(desk, given):
        opened = open_at(desk, chat, resource)
        return replace(opened, ended=(*gone, *opened.ended))
    if found is None:
        return show(desk, menu_of(chat), above=warned(NO_LINK))
    opened = begin(desk, chat, *found, gone)
    top = opened.chat.top
    if top is None or top.flow != found[0]:
        return opened
    answered = turn_of(desk, opened.chat, top, given)
    return replace(answered, ended=(*opened.ended, *answered.ended))


def _said_by(desk: Desk, given: Input) -> tuple[str, ...]:
    """Return the codes that were typed or photographed."""
    if given.kind is Kind.TEXT:
        return (given.said,)
    photos = [one for one in given.sent if one.is_picture]
    return tuple(code for one in photos for code in desk.ports.reads.codes.read(one.key))


def _equipment(desk: Desk, given: Input) -> str:
    """Return the piece of equipment that a code names; empty for none."""
    found = (resource_of(desk.program.project, code) for code in _said_by(desk, given))
    return next(filter(None, found), "")


def _is_behind_links(desk: Desk, session: Session) -> bool:
    """Tell whether a form is the one that links open: the codes of equipment lead on from it."""
    return any(entry.link and entry.flow == session.flow for entry in desk.program.menu)


def _said(desk: Desk, chat: Chat, given: Input) -> Reaction:
    """Take what a worker typed or sent. Only a question that he sees is answered by it."""
    match chat.screen:
        case Screen("question") if chat.top is not None:
            if _is_behind_links(desk, chat.top) and _equipment(desk, given):
                return _linked(desk, chat, given)
            return _taken(desk, chat, chat.top, given)
        case Screen("resume") if (more := held_more(chat, given)) is not None:
            return show(desk, more)
        case _ if chat.top is not None and _of_album(chat.top, given):
            return _answered(desk, chat, chat.top, given)
        case Screen("said") if chat.top is not None:
            return show(
                desk,
                replace(chat, screen=QUESTION),
                above=warned(Message("Сначала прочитайте вопрос")),
            )
        case Screen("why", arg):
            return explained(desk, chat, arg, given)
        case Screen("comment", arg):
            return commented(desk, chat, arg, given)
        case _ if given.kind is Kind.FILES and _said_by(desk, given):
            return _linked(desk, chat, given)
        case _:
            return show(desk, chat, above=warned(Message("Здесь нужно нажать кнопку")))


def _taken(
    desk: Desk, chat: Chat, session: Session, given: Input, *, edit: bool = False
) -> Reaction:
    """Let the form take what was sent; who comes back to it is asked first whether he goes on."""
    if is_back(chat, desk.opened, desk.now) and not _of_album(session, given):
        return show(desk, offered(chat, given), edit=edit)
    return _answered(desk, chat, session, given, edit=edit)


def _of_album(session: Session, given: Input) -> bool:
    return bool(given.album and session.album and session.album.group == given.album)


def _answered(
    desk: Desk, chat: Chat, session: Session, given: Input, *, edit: bool = False
) -> Reaction:
    if not may_run(desk.under(session), session.flow, session.given, desk.known):
        return show(desk, menu_of(chat), above=warned(NO_ROLE))
    edit = edit or _of_album(session, given)
    own = session if session.actor == desk.known else replace(session, actor=desk.known)
    return turn_of(desk, chat, own, given, edit=edit)


def _press(desk: Desk, chat: Chat, data: str) -> Reaction:
    pressed = parse(data)
    if isinstance(pressed, LetterPress):
        button = desk.ports.outbox.press(pressed.letter, chat.id, pressed.index)
        if button is None:
            return Reaction(chat, toast=NOT_YOURS, alert=True, quiet=True)
        return _act(desk, chat, button, from_letter=True)
    if pressed is None or pressed.token != chat.token or pressed.turn > chat.turn:
        return Reaction(chat, toast=NOT_YOURS, alert=True, quiet=True)
    if pressed.turn != chat.turn:
        return _stale(desk, chat, pressed)
    if pressed.index >= len(chat.buttons):
        return Reaction(chat, toast=NOT_YOURS, alert=True, quiet=True)
    return _act(desk, chat, chat.buttons[pressed.index], from_letter=False)


def _stale(desk: Desk, chat: Chat, pressed: ScreenPress) -> Reaction:
    """Answer a press on an old message: say what became of it and show the present screen."""
    if chat.ended and chat.ended.turn == pressed.turn:
        said = STALE.get(chat.ended.state, ENDED)
        toast = said.with_values({"at": chat.ended.at, "result": chat.ended.text})
        return Reaction(chat, toast=toast, quiet=True, alert=True)
    toast = Message(
        "Уже отвечено: {who}, {at}. Вот текущий вопрос",
        {"who": desk.known.name, "at": chat.answered_at},
    )
    return replace(show(desk, chat, toast=toast), again=True)


def _act(desk: Desk, chat: Chat, button: Button, *, from_letter: bool) -> Reaction:
    if button.act in _ACTS:
        reaction = _ACTS[button.act](desk, chat, button.arg)
        return replace(reaction, edit=False) if from_letter else reaction
    if chat.top is None or chat.screen.name not in {"question", "said"}:
        return show(desk, chat, toast=Message("Эта кнопка уже не действует"))
    if button.act == "fix" and _is_decided(desk, chat.top):
        return Reaction(chat, toast=ALREADY, alert=True, quiet=True)
    return _taken(desk, chat, chat.top, Input.press(button.act, button.arg), edit=True)


def _speak(desk: Desk, chat: Chat, language: str) -> Reaction:
    """Keep the language that a person chose and show him the menu in it."""
    if language not in desk.program.project.languages:
        return show(desk, menu_of(chat), edit=True)
    actor = desk.ports.people.set_language(desk.known, language)
    reaction = show(replace(desk, actor=actor), menu_of(chat), edit=True)
    return replace(reaction, actor=actor)


def _flow(desk: Desk, chat: Chat, arg: str) -> Reaction:
    flow, packed = unpack_given(arg)
    given = read_afresh(desk, flow, packed)
    if given is None:
        return show(desk, chat, toast=Message("Этого больше нет"), alert=True, edit=True)
    form = desk.program.flows.get(flow)
    if form is not None and not given:
        given.update(task_over(form, chat, desk.ports.tasks))
    if not may_run(desk.program, flow, given, desk.known):
        return show(
            desk, menu_of(chat), toast=Message("Для этого у вас нет роли"), alert=True, edit=True
        )
    key = pack_given(flow, given)
    if any(draft_key(session) == key for session in chat.sessions):
        return show(desk, replace(chat, screen=Screen("resume", key)), edit=True)
    return begin(desk, chat, flow, given)


def _resume(desk: Desk, chat: Chat, key: str) -> Reaction:
    found = [session for session in chat.sessions if draft_key(session) == key]
    if not found:
        return show(desk, menu_of(chat), toast=Message("Черновика больше нет"), edit=True)
    others = tuple(session for session in chat.sessions if session not in found)
    held, chat = chat.held, replace(chat, sessions=(*others, *found), screen=QUESTION, held=None)
    if held is None:
        return _at_question(desk, chat)
    return _answered(desk, chat, found[-1], held, edit=True)


def _go_on(desk: Desk, chat: Chat, _: str) -> Reaction:
    return _at_question(desk, replace(chat, screen=QUESTION) if chat.top else menu_of(chat))


def _at_question(desk: Desk, chat: Chat) -> Reaction:
    """Show the question on top; a wait that is over meanwhile goes on."""
    top = chat.top
    if top is None or not may_run(desk.under(top), top.flow, top.given, desk.known):
        return show(desk, chat, edit=True)
    return _answered(desk, chat, top, Input.show(), edit=True)


def _cancel(desk: Desk, chat: Chat, key: str) -> Reaction:
    if key:
        found = tuple(one for one in chat.sessions if draft_key(one) == key)
        others = (one for one in chat.sessions if one not in found)
        chat = replace(chat, sessions=(*others, *found))
    return show(
        desk, replace(chat, screen=Screen("cancel")) if chat.top else menu_of(chat), edit=True
    )


def _ended(desk: Desk, chat: Chat, session: Session) -> tuple[Chat, Session]:
    """Cancel a session of a chat."""
    gone = give_up(desk.ports, desk.known, session, State.CANCELLED, because.CANCELLED, desk.now)
    return replace(chat, sessions=tuple(one for one in chat.sessions if one.id != gone.id)), gone


def _is_decided(desk: Desk, session: Session) -> bool:
    """Tell whether the decision that a form waits for is made and on its way to it."""
    standing = desk.ports.deviations.get(session.waiting) if session.waiting else None
    return standing is not None and standing.state in ("approved", "rejected")


def _drop(desk: Desk, chat: Chat, _: str) -> Reaction:
    if chat.top is None:
        return show(desk, menu_of(chat), edit=True)
    if _is_decided(desk, chat.top):
        return show(desk, replace(chat, screen=QUESTION), toast=ALREADY, alert=True, edit=True)
    pressed = chat.turn
    chat, session = _ended(desk, chat, chat.top)
    chat = replace(
        chat, ended=Ended(pressed, session.state, f"{desk.now:%H:%M}", desk.say(NOTHING_SAVED))
    )
    place = place_after(desk.program, chat, session, desk.ports.tasks)
    return show(
        desk,
        place or menu_of(chat),
        edit=True,
        ended=(session,),
        above=Message("Отменено. Ничего не сохранено"),
    )


def _restart(desk: Desk, chat: Chat, key: str) -> Reaction:
    found = [session for session in chat.sessions if draft_key(session) == key]
    if any(_is_decided(desk, session) for session in found):
        return show(desk, chat, toast=ALREADY, alert=True)
    ended: tuple[Session, ...] = ()
    for session in found:
        chat, gone = _ended(desk, chat, session)
        ended = (*ended, gone)
    flow, packed = unpack_given(key)
    given = found[-1].given if found else read_afresh(desk, flow, packed)
    if given is None or not may_run(desk.program, flow, given, desk.known):
        return show(desk, chat)
    return begin(desk, chat, flow, given, ended)


def _verdict(desk: Desk, chat: Chat, given: Input) -> Reaction:
    """Bring a decision to the form that waits for it; one that waits no more is left alone."""
    verdict = given.verdict
    waiting = [
        session for session in chat.sessions if verdict and session.waiting == verdict.deviation
    ]
    if not waiting:
        return Reaction(chat, quiet=True)
    others = tuple(session for session in chat.sessions if session.id != waiting[0].id)
    session = _of_today(desk, waiting[0])
    return turn_of(desk, replace(chat, sessions=(*others, session)), session, given)


def _of_today(desk: Desk, session: Session) -> Session:
    """Return a session with the roles that its person holds now: what a decision brings about is
    done by him."""
    return replace(session, actor=desk.actor) if desk.actor is not None else session


def _signal(desk: Desk, chat: Chat, given: Input) -> Reaction:
    """Bring the end of a job or of a time to the form that stands at a wait and is in sight; a form
    that is somewhere else finds it out when it comes there."""
    top = chat.top
    if top is None or chat.screen != QUESTION:
        return Reaction(chat, quiet=True)
    return turn_of(desk, chat, _of_today(desk, top), given)


def _screen(name: str) -> Act:
    """Return what shows a screen with the button's argument."""
    return lambda desk, chat, arg: show(desk, replace(chat, screen=Screen(name, arg)), edit=True)


# What a button of any screen does; those of a question are the form's.
_ACTS: Mapping[str, Act] = {
    "menu": lambda desk, chat, _: show(desk, menu_of(chat), edit=True),
    "tasks": _screen("tasks"),
    "card": _screen("card"),
    "language": lambda desk, chat, _: show(desk, replace(chat, screen=LANGUAGE), edit=True),
    "speak": _speak,
    "submenu": _screen("submenu"),
    "flow": _flow,
    "resume": _resume,
    "restart": _restart,
    "go_on": _go_on,
    "show": _go_on,
    "cancel": _cancel,
    "drop": _drop,
    "answer": answer_card,
    "no_comment": no_comment,
    **TASK_ACTS,
}
