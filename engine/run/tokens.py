"""Callback data: short server-side tokens, nothing to forge, at most 64 bytes."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import EngineError
from engine.model.quick import quick

LONGEST = 64  # bytes, Telegram's limit


@quick
@dataclass(frozen=True, slots=True)
class ScreenPress:
    """A press on the present screen of a chat: its token, the turn of the prompt, the button's
    index."""

    token: str
    turn: int
    index: int


@dataclass(frozen=True, slots=True)
class LetterPress:
    """A press on a message of the outbox: the letter's id, the button's index."""

    letter: str
    index: int


def callback_data(token: str, turn: int, index: int) -> str:
    """Return the data of a button of a screen."""
    return _checked(f"s.{token}.{turn}.{index}")


def letter_data(letter: str, index: int) -> str:
    """Return the data of a button of a message of the outbox."""
    return _checked(f"n.{letter}.{index}")


def parse(data: str) -> ScreenPress | LetterPress | None:
    """Read callback data; None when it was not made here."""
    match data.split("."):
        case ["s", token, turn, index] if _number(turn) and _number(index):
            return ScreenPress(token, int(turn), int(index))
        case ["n", letter, index] if letter and _number(index):
            return LetterPress(letter, int(index))
        case _:
            return None


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _checked(data: str) -> str:
    if len(data.encode()) > LONGEST:
        raise EngineError(f"callback data over {LONGEST} bytes: {data}")
    return data
