"""Rows of buttons as Telegram's inline keyboards."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from engine.model.conversation import Button
from engine.run.tokens import callback_data, letter_data

LONGEST_TITLE = 40


def title(words: str) -> str:
    """Cut the title of a button to 40 characters.

    >>> title("Учебная компания с очень длинным названием, филиал 2")
    'Учебная компания с очень длинным назван…'
    """
    words = " ".join(words.split()) or "…"
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rstrip() + "…"


def screen_keyboard(
    rows: Iterable[Iterable[Button]], token: str, turn: int
) -> InlineKeyboardMarkup | None:
    """Return the keyboard of a screen; a button is named by its index in reading order."""
    return _keyboard(rows, lambda index: callback_data(token, turn, index))


def letter_keyboard(buttons: Iterable[Button], letter: str) -> InlineKeyboardMarkup | None:
    """Return the keyboard of a message of the outbox, one button a row."""
    return _keyboard(((button,) for button in buttons), lambda index: letter_data(letter, index))


def _keyboard(
    rows: Iterable[Iterable[Button]], data: Callable[[int], str]
) -> InlineKeyboardMarkup | None:
    keyboard: list[list[InlineKeyboardButton]] = []
    index = 0
    for row in rows:
        line = []
        for button in row:
            line.append(InlineKeyboardButton(text=title(button.title), callback_data=data(index)))
            index += 1
        if line:
            keyboard.append(line)
    return InlineKeyboardMarkup(inline_keyboard=keyboard) if keyboard else None
