"""The buttons that every question has: back, cancel, the menu, flows that open over any question,
«Почему меня спрашивают?»."""

from __future__ import annotations

from engine.languages.message import Message
from engine.model.conversation import Button, Keyboard
from engine.run.anywhere import openable
from engine.run.draft import Draft

BACK = Button(Message("⬅ Назад"), "back")
TO_REVIEW = Button(Message("⬅ К проверке"), "back")
CANCEL = Button(Message("✖ Отмена"), "cancel")
MENU = Button(Message("Главное меню"), "menu")
ASK_WHY = Button("❓", "why")


def ways_out(draft: Draft, *, why: bool = False) -> Keyboard:
    """Return the last rows of a question's keyboard."""
    trail = draft.session.trail
    back = (TO_REVIEW if trail[-1] == "review" else BACK,) if trail else ()
    first = (*back, CANCEL, *((ASK_WHY,) if why else ()))
    return (first, *opened_over(draft), (MENU,))


def opened_over(draft: Draft) -> Keyboard:
    """Return the flows that may be opened over any question, but not over themselves."""
    return tuple(
        (Button(flow.title, "flow", flow.name),)
        for flow in openable(draft.program, draft.session.actor.roles, draft.session.flow)
    )
