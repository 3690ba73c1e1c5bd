"""Looking at a phone of the stage: which button a title means, which message a fragment means,
what to say if none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.talk.stage import Message, Stage

_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return a text with every kind and number of spaces made one, as fragments are compared."""
    return _SPACES.sub(" ", text).strip()


def fits(fragment: str, text: str) -> bool:
    """Tell whether a text is as a fragment says; … stands for anything, also for nothing.

    >>> fits("…масса 18 250,5…", "Партия 1, масса 18 250,5 кг")
    True
    >>> fits("Партия", "Партия 1")
    False
    """
    parts = [re.escape(plain(part)) for part in fragment.split("…")]
    return re.fullmatch(r"\s*.*\s*".join(parts), plain(text), re.DOTALL) is not None


def titled(title: str, messages: Iterable[Message]) -> list[tuple[Message, int]]:
    """Return the buttons that a title means: those exactly so titled, else those that contain
    it."""
    buttons = [
        (message, index, plain(button.title))
        for message in messages
        for index, button in enumerate(message.buttons)
    ]
    wanted = plain(title)
    exact = [(message, index) for message, index, name in buttons if name == wanted]
    if exact or "…" in wanted:
        return exact or [(one, index) for one, index, name in buttons if fits(wanted, name)]
    within = [(message, index) for message, index, name in buttons if wanted in name]
    return within if len({one.buttons[index].title for one, index in within}) == 1 else []


def in_sight(stage: Stage, chat: int) -> list[Message]:
    """Return what can be pressed on a phone: the screen, then letters with live buttons, newest
    first."""
    screen = stage.screen(chat)
    letters = [
        one for one in reversed(stage.messages) if one.chat == chat and one.live and not one.screen
    ]
    return ([screen] if screen else []) + letters


def older(stage: Stage, chat: int) -> list[Message]:
    """Return what once could be pressed: every message but the screen, newest first."""
    screen = stage.screen(chat)
    return [one for one in reversed(stage.messages) if one.chat == chat and one is not screen]


def described(who: str, stage: Stage, chat: int, since: int) -> str:
    """Say what a person has on his phone, for an error of a talk."""
    shown = [one for one in stage.messages[since:] if one.chat == chat]
    screen = stage.screen(chat)
    if screen is not None and screen not in shown:
        shown.append(screen)
    if not shown:
        return f"\n    у {who} на экране ничего нет"
    toast = stage.toasts.get(chat, "")
    last = f"\n        всплыло: «{toast}»" if toast else ""
    return (
        f"\n    у {who} на экране:"
        + "".join(f"\n        {one.described()}" for one in shown)
        + last
    )
