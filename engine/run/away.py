"""A form that its owner comes back to after a restart or a night: he is asked first whether he
goes on, and what he sent meanwhile is held until he says so (domain 3.8). Pure.

Start at `is_back`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from textwrap import shorten

from engine.languages.message import Message
from engine.model.conversation import Chat, Input, Kind, Screen
from engine.run.stored import draft_key

NIGHT = timedelta(hours=6)  # without a touch; between two shifts lie at least as many
WIDTH = 60  # characters of a held text that are shown
KEPT = (Kind.TEXT, Kind.PRESS, Kind.FILES)  # the rest is refused by any question


def is_back(chat: Chat, opened: datetime | None, now: datetime) -> bool:
    """Tell whether this is the first touch of a chat after a night, or since its door was
    opened."""
    if chat.touched is None:
        return False
    return now - chat.touched >= NIGHT or (opened is not None and chat.touched < opened)


def offered(chat: Chat, given: Input) -> Chat:
    """Return a chat that asks whether to go on with its form, and holds what was sent."""
    assert chat.top is not None
    held = given if given.kind in KEPT else None
    return replace(chat, screen=Screen("resume", draft_key(chat.top)), held=held)


def held_more(chat: Chat, given: Input) -> Chat | None:
    """Return a chat that asks whether to go on and holds what was sent meanwhile too: pictures are
    added to pictures, the last text counts. None when the chat does not hold for this."""
    held = chat.held
    if chat.screen.name != "resume" or held is None or given.kind is not held.kind:
        return None
    both = replace(given, sent=held.sent + given.sent)
    return replace(chat, held=both if given.kind is Kind.FILES else given)


def of_held(chat: Chat) -> str:
    """Return what a person is told of what is held; an empty text when nothing is."""
    match chat.held:
        case Input(kind=Kind.TEXT, said=said):
            answer = {"answer": shorten(said, WIDTH, placeholder="…")}
            return Message("Ответ «{answer}» будет принят после «Продолжить»", answer)
        case Input(kind=Kind.FILES, sent=sent):
            files = {"files": str(len(sent))}
            return Message("Присланное будет принято после «Продолжить», файлов: {files}", files)
        case Input(kind=Kind.PRESS):
            return Message("Кнопка сработает после «Продолжить»")
        case _:
            return ""
