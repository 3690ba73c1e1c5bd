"""The straight way through the intake, read from the flow's own talk, for any contender.

Start at `walk`."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol

from aiogram.types import Update

from engine.talk.parse import Line, Says, Sees, Talk, find_talks
from engine.talk.phone import fits
from tests.bench.telegram import AtOnce, Phone

FLOWS = Path(__file__).parents[2] / "flows"
STRAIGHT = "receiving/raw_intake"
WHO = "receiver"
NUMBER, AFTER_SEARCH, FOUND = "ТТН-4471", "Дальше", "не найдены"
TAG = re.compile("<[^>]+>")
DATE = re.compile(r"\d\d\.\d\d\.\d{4}")


class Contender(Protocol):
    """A bot that takes the intake."""

    name: str
    session: AtOnce
    phone: Phone

    async def feed(self, update: Update) -> None:
        """Handle one update, until the last API call is answered."""
        ...

    def saved(self) -> list[dict[str, str]]:
        """Return the answers of every form that was saved, in plain words."""
        ...


@dataclass(frozen=True, slots=True)
class Lap:
    """One turn: the kind of its input (press, text, photo), seconds of the clock and of the
    process in all its threads, the line of the talk, what was shown then."""

    kind: str
    seconds: float
    cpu_seconds: float
    line: int
    shown: str


@cache
def straight() -> Talk:
    """Return the talk of the straight way, without a waybill's number: by hand nobody searches for
    documents in the background, so no contender does."""
    shipped = next(talk for talk in find_talks(FLOWS) if talk.name == STRAIGHT)
    lines = [_without_search(line) for line in shipped.lines]
    return replace(shipped, lines=tuple(line for line in lines if line is not None))


def _without_search(line: Line) -> Line | None:
    if isinstance(line, Says) and line.what == NUMBER:
        return replace(line, how="button", what="Пропустить")
    if isinstance(line, Says) and line.what == AFTER_SEARCH:
        return None
    return None if isinstance(line, Sees) and FOUND in line.what else line


async def walk(contender: Contender, *, before: str = "") -> list[Lap]:
    """Take one form from /start to «Сохранить», or to where `before` would be pressed. Raises
    LookupError where the contender does not offer the button that is pressed."""
    laps = []
    for said in straight().lines:
        if not isinstance(said, Says) or said.who != WHO:
            continue
        if before and said.what == before:
            break
        for kind, update in _updates(contender.phone, said):
            cpu, begun = time.process_time(), time.perf_counter()
            await contender.feed(update)
            seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
            laps.append(Lap(kind, seconds, cpu_seconds, said.line, contender.session.shown))
    return laps


def _updates(phone: Phone, said: Says) -> Iterator[tuple[str, Update]]:
    thing, _, count = said.what.partition(" ")
    match said.how:
        case "command":
            yield "text", phone.type(f"/{said.what}")
        case "text":
            yield "text", phone.type(said.what)
        case "button":
            yield "press", phone.press(said.what)
        case "thing" if thing == "pdf":
            yield "photo", phone.pdf()
        case "thing" if thing == "photo":
            album = f"album {said.line}" if count else ""
            for _ in range(int(count or 1)):
                yield "photo", phone.photo(album)
        case _:
            raise AssertionError(f"line {said.line} of the straight way is not straight")


def unseen(laps: list[Lap]) -> list[str]:
    """Return what the talk wants the receiver to see after his turns and was not shown so.

    Only the last words of a line are compared: the question. What comes after others were told
    something comes by the outbox and is no part of a turn."""
    shown = {lap.line: TAG.sub("", lap.shown) for lap in laps}
    missed, last = [], 0
    for line in straight().lines:
        if isinstance(line, Says) and line.who == WHO:
            last = line.line
        if isinstance(line, Sees) and line.who != WHO:
            last = 0
        if isinstance(line, Sees) and line.who == WHO and last and line.where == "<":
            question = line.what.rpartition("…")[2] or line.what
            if not fits(f"…{question}…", shown[last]):
                missed.append(f"{line.line}: «{question}» in «{shown[last]}»")
    return missed
