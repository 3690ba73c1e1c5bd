"""A form that is saved while a bot runs: how long until it is live, beside a restart of the bot,
and whether a worker in the middle of a form loses what he answered. Start at `measure`."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from engine.talk.parse import Says
from tests.bench.live import Hand, Heard, lines, served, talking
from tests.bench.over_http import plant
from tests.engine.rehearsal import copied

FIRST = 600_001  # the chat of the first worker
TOLD = 599_999  # that of the technologist, who is told when forms are live
HALF = "-18,5"  # what each has yet to answer while forms change
NEXT = "Дата производства"  # what is asked then
CHANGED = "prompt: Количество бирок"
LIVE = "Формы обновлены, версия"
GAP_S = 1.2  # between two messages to one person: Telegram's limit is none of a reload


@dataclass(frozen=True, slots=True)
class Reloads:
    """Seconds from saving a file until the bot told that it is live; from the start of a bot until
    it asked for updates; workers who could not go on where they were."""

    live_s: tuple[float, ...]
    restart_s: tuple[float, ...]
    lost: int


def save(path: Path, lap: int) -> float:
    """Change a question as an editor does, over the old file; return when."""
    text = path.read_text("utf-8")
    start = text.index(CHANGED)
    end = text.index("\n", start)
    beside = path.with_suffix(".tmp")
    beside.write_text(f"{text[:start]}{CHANGED} ({lap}){text[end:]}", "utf-8")
    beside.replace(path)
    return time.perf_counter()


async def measure(laps: int, workers: int) -> Reloads:
    """Save so many times, with so many workers in the middle of a form, and restart as often."""
    chats = range(FIRST, FIRST + workers)
    heard, form = Heard([TOLD, *chats]), lines(today=True)
    hands = [Hand(heard, chat) for chat in chats]
    live, restarts, half = [], [], next(at for at, one in enumerate(form) if one.what == HALF)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        flows = copied(folder)
        url = await stack.enter_async_context(served(heard))
        own = {"FLOWS_DIR": str(flows), "FILES_DIR": str(folder / "files"), "LOG_LEVEL": "WARNING"}
        for restart in range(laps + 1):
            started = time.perf_counter()
            async with talking(heard, url, "cli.py", "bot", **own):
                if restart:
                    restarts.append(heard.asked - started)
                    continue
                for hand in hands:
                    await answer(hand, form[:half])
                for lap in range(laps):
                    live.append(await _live(heard, flows / "receiving" / "raw_intake.yaml", lap))
                lost = [hand.chat for hand in hands if not await goes_on(hand, form[half])]
    return Reloads(tuple(live), tuple(restarts), len(lost))


async def answer(hand: Hand, form: Sequence[Says]) -> None:
    """Answer some questions."""
    for said in form:
        await hand.does(said)


async def goes_on(hand: Hand, said: Says) -> bool:
    """Tell whether the next answer brings the next question."""
    await hand.does(said)
    last = next(one for one in reversed(hand.heard.shown) if one.chat == hand.chat)
    return NEXT in last.text


async def _live(heard: Heard, path: Path, lap: int) -> float:
    await asyncio.sleep(GAP_S)
    before, saved = len(heard.shown), save(path, lap)
    await heard.until(lambda: any(LIVE in one.text for one in heard.shown[before:]))
    return next(one.at for one in heard.shown[before:] if LIVE in one.text) - saved


def prepare(workers: int) -> None:
    """Make the plant and its people on the rows of this process."""
    plant()
    from django.db import connections

    from crm.people.operations.save_person import save_person

    people = {FIRST + at: "receiver" for at in range(workers)} | {TOLD: "technologist"}
    for chat, role in people.items():
        save_person(None, person=None, full_name=f"Чайкин {chat}", roles=[role], telegram_id=chat)
    connections.close_all()
