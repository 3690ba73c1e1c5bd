"""What questions with ticks share. No kind of step."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine.errors import Refusal
from engine.languages.message import Message
from engine.model.values import Option, Row, Value
from engine.steps.base import View
from engine.steps.bounds import UNKNOWN, exact

TICKED = "ticked"  # what the question remembers: codes in the order of ticking


def ticked(view: View) -> tuple[str, ...] | None:
    """Return the codes ticked so far: those of the answer given before when nothing was ticked
    since; None when there is neither."""
    found = view.look.get(TICKED)
    if isinstance(found, tuple):
        return tuple(code for code in found if isinstance(code, str))
    before = view.current.value if view.current else None
    if isinstance(before, tuple):
        return tuple(item.code for item in before if isinstance(item, Option | Row))
    return None


def tick(title: str, is_ticked: bool) -> Message:
    """Write the title of a button with its tick."""
    return Message("☑ {title}" if is_ticked else "☐ {title}", {"title": title})


def mark(count: int) -> str:
    """Say how many are ticked; nothing when none is."""
    return Message("Отмечено: {count}", {"count": str(count)}) if count else ""


def tick_bounds(count: tuple[str, str] | None, most: int, view: View) -> tuple[Value, Value]:
    """Return the least and the most ticks; from one to `most` where nothing says how many."""
    if count is None:
        return Decimal(1), Decimal(most)
    least, greatest = (exact(view.evaluate(bound)) for bound in count)
    return least, greatest


def miscounted(
    ticks: int, bounds: tuple[Value, Value], few: Callable[[Decimal], Refusal] | None = None
) -> Refusal | None:
    """Say why so many ticks are no answer; `few` says it of too few in the question's words."""
    least, most = bounds
    if not isinstance(least, Decimal) or not isinstance(most, Decimal):
        return UNKNOWN
    if ticks < least:
        return (few or too_few)(least)
    return too_many(most) if ticks > most else None


def too_few(least: Decimal) -> Refusal:
    """Refuse an answer of too few ticks."""
    return Refusal("Отметьте не меньше {least}", {"least": str(least)})


def too_many(most: Decimal) -> Refusal:
    """Refuse an answer of too many ticks."""
    return Refusal("Отметить можно не больше {most}", {"most": str(most)})
