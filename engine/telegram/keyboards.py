"""Rows of buttons as Telegram's inline keyboards."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from engine.model.conversation import Button
from engine.model.labels import labels
from engine.run.tokens import callback_data, letter_data

# Copied with another text and data: to make a button by aiogram's model takes twice as long, checks
# what is a text by its type, and there are four on a screen.
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
    kept = [list(row) for row in rows]
    titles = labels([button.title for row in kept for button in row])
    keyboard: list[list[InlineKeyboardButton]] = []
    index = 0
    for row in kept:
        line = []
        for _ in row:
            told = {"text": titles[index], "callback_data": data(index)}
            line.append(BLANK.model_copy(update=told))
            index += 1
        if line:
            keyboard.append(line)
    return EMPTY.model_copy(update={"inline_keyboard": keyboard}) if keyboard else None
