"""Talking with a chat that nobody is bound to."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.errors import Refusal
from engine.languages.message import Message
from engine.model.conversation import Chat, Kind, Screen
from engine.run.arrival import Arrival
from engine.run.desk import Desk, Reaction, menu_of, owned, show
from engine.run.screens import NAME, request_access, stranger
from engine.run.tokens import ScreenPress, parse
from engine.steps.base import texts_allowed

LANGUAGE = Screen("language")
INVITATION = re.compile(r"[A-Z2-9]{8}")


def met(desk: Desk, chat: Chat, arrival: Arrival) -> Reaction:
    """Talk with a chat that nobody is bound to: a code, or a request for access; nothing else."""
    given = arrival.input
    pressed = parse(arrival.data) if arrival.data else None
    if (
        isinstance(pressed, ScreenPress)
        and pressed.token == chat.token
        and pressed.turn == chat.turn
        and pressed.index < len(chat.buttons)
    ):
        name = "request" if chat.buttons[pressed.index].act == "request" else "register"
        return show(desk, replace(chat, screen=Screen(name)), edit=True)
    code = _code_of(arrival)
    if code:
        chat = replace(chat, screen=Screen("register"))
    elif given is None or given.kind is not Kind.TEXT:
        return show(desk, replace(chat, screen=Screen("register")))
    said = code or (given.said.strip() if given else "")
    if chat.screen.name == "request":
        trouble = texts_allowed(said, *NAME) or desk.ports.people.ask_access(
            chat.id, said, desk.now
        )
        if trouble is not None:
            return Reaction(chat, request_access(trouble.said))
        chat = replace(chat, screen=Screen("register"))
        return show(
            desk,
            chat,
            above=Message("Запрос отправлен администратору. Он пришлёт код или подключит вас сам"),
        )
    outcome = desk.ports.people.bind(chat.id, said, desk.now)
    if isinstance(outcome, Refusal):
        return Reaction(chat, stranger(outcome.said))
    desk = replace(desk, actor=outcome)
    chat, theirs = owned(desk, chat)
    several = len(desk.program.project.languages) > 1
    chat = replace(chat, screen=LANGUAGE) if several else menu_of(chat)
    hello = Message("Здравствуйте, {name}!", {"name": outcome.name})
    return replace(show(desk, chat, above=hello), actor=outcome, ended=theirs)


def _code_of(arrival: Arrival) -> str:
    """Return the code of an invitation whose link was opened: «/start CODE». The link of a label,
    which is longer, is none: who scans it is no guesser."""
    command, _, code = arrival.command.partition(" ")
    return code if command == "start" and INVITATION.fullmatch(code) else ""
