"""Rows of buttons as Telegram's inline keyboards."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from engine.model.conversation import Button
from engine.model.labels import labels
from engine.run.tokens import callback_data, letter_data
from engine.telegram.again import again

BLANK = InlineKeyboardButton(text="…", callback_data="-")
EMPTY = InlineKeyboardMarkup(inline_keyboard=[])


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
    kept = [[button.title for button in row] for row in rows]
    titles = labels([title for row in kept for title in row])
    made = (
        again(BLANK, text=title, callback_data=data(index)) for index, title in enumerate(titles)
    )
    keyboard = [[next(made) for _ in row] for row in kept if row]
    return again(EMPTY, inline_keyboard=keyboard) if keyboard else None
