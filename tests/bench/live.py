"""Bots as processes of their own and phones in this one, over real HTTP: what is shown in each chat
is kept with the moment when it was. Start at `Heard`, `served` and `process`."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

from engine.simulator.api_error import ApiError
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.params import Upload
from engine.simulator.people import CannotDo
from engine.simulator.pictures import Picture, photo_sizes
from engine.simulator.samples import TITLES, photo
from engine.simulator.server import serve
from engine.talk.parse import Says
from tests.bench.laps import used_by
from tests.bench.telegram import CHAT, PDF, TOKEN
from tests.bench.way import DATE, WHO, straight

ROOT = Path(__file__).parents[2]
SCREENS, ASKS = ("sendmessage", "editmessagetext"), "getupdates"
PATIENCE_S = 240.0  # for the start of a process on a busy machine too
LOOK_S = 1.0  # between looks whether what is waited for has died
STOP_S = 30.0
FLOOD = 429
WEEK = timedelta(days=7)


class Shown(NamedTuple):
    """A message that a bot put on a phone: when (`time.perf_counter`), in which chat, its text."""

    at: float
    chat: int
    text: str


class Heard(Simulator):
    """A simulator that keeps what it showed, and counts what it refused for a flood."""

    def __init__(self, chats: Sequence[int] = (CHAT,)) -> None:
        super().__init__((Phone(chat, f"Ветров {chat}") for chat in chats), token=TOKEN)
        self.shown: list[Shown] = []
        self.screens: Counter[int] = Counter()
        self.floods = 0
        self.asked = 0.0  # when the bot asked for updates last

    async def call(
        self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload] | None = None
    ) -> Any:
        """Do one method of the Bot API."""
        if method.lower() == ASKS:
            self.asked = time.perf_counter()
        try:
            result = await super().call(method, params, files)
        except ApiError as error:
            self.floods += error.code == FLOOD
            raise
        if method.lower() in SCREENS:
            chat = int(params["chat_id"])
            self.screens[chat] += 1
            self.shown.append(Shown(time.perf_counter(), chat, str(params["text"])))
        return result

    async def until(
        self, holds: Callable[[], bool], alive: Callable[[], bool] = lambda: True
    ) -> None:
        """Wait until something holds. Raises RuntimeError when it does not come, or who should
        bring it has died."""
        end = time.perf_counter() + PATIENCE_S
        while not holds():
            if time.perf_counter() > end or not alive():
                raise RuntimeError(f"it does not come; the last that did: {self.shown[-3:]}")
            await self.world.changes.wait(LOOK_S)


class Hand:
    """The hand of a worker on his phone."""

    def __init__(self, heard: Heard, chat: int = CHAT) -> None:
        self.heard, self.chat = heard, chat
        self._photos = cycle(pictures())

    async def does(self, said: Says) -> tuple[int, float]:
        """Do a line of a talk; return how many updates that was, and after how many seconds each of
        them had its screen."""
        if said.how == "button":
            await self.heard.until(lambda: self._offered(said.what))
        began, before = time.perf_counter(), self.heard.screens[self.chat]
        updates = self._act(said)
        await self.heard.until(lambda: self.heard.screens[self.chat] >= before + updates)
        return updates, time.perf_counter() - began

    def _offered(self, title: str) -> bool:
        """Tell whether a button is there."""
        messages = self.heard.people.chat(self.chat).messages.values()
        boards = (one.keyboard.rows for one in messages if one.keyboard and not one.deleted)
        return any(button["text"] == title for rows in boards for row in rows for button in row)

    def _act(self, said: Says) -> int:
        people, thing, count = self.heard.people, *said.what.partition(" ")[::2]
        match said.how:
            case "command":
                people.text(self.chat, f"/{said.what}")
            case "text":
                people.text(self.chat, said.what)
            case "button":
                people.press_named(self.chat, said.what)
            case "thing" if thing == "pdf":
                people.document(self.chat, Upload("ТН.pdf", PDF, "application/pdf"))
            case "thing" if thing == "photo":
                many = int(count or 1)
                people.photos(self.chat, [next(self._photos) for _ in range(many)])
                return many
            case _:
                raise CannotDo(f"line {said.line} of the straight way is not straight")
        return 1


@cache
def pictures() -> tuple[tuple[Picture, ...], ...]:
    """Return what a worker photographs, in the sizes of Telegram."""
    return tuple(photo_sizes(photo(name)) for name in TITLES)


def lines(*, today: bool) -> list[Says]:
    """Return the receiver's lines of the straight way; its date becomes one of the last days for a
    bot that lives `today`."""
    date = f"{datetime.now(UTC) - WEEK:%d.%m.%Y}"
    own = [one for one in straight().lines if isinstance(one, Says) and one.who == WHO]
    return [replace(one, what=date) if today and DATE.fullmatch(one.what) else one for one in own]


@asynccontextmanager
async def served(heard: Heard) -> AsyncIterator[str]:
    """Let a simulator listen; give its address."""
    running = await serve(heard)
    try:
        yield running.url
    finally:
        await running.stop()


@asynccontextmanager
async def process(*command: str, **environment: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Start a process of Python and stop it in the end. Raises RuntimeError with the end of what it
    said when it is gone by then."""
    with tempfile.TemporaryFile() as said:
        started = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield started
        finally:
            gone = started.poll()
            await asyncio.to_thread(ended, started)
            if gone is not None:
                said.seek(0)
                words = said.read().decode(errors="replace")[-2000:]
                raise RuntimeError(f"{command} ended with {gone}: {words}")


def ended(started: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop, and end it when it does not."""
    started.send_signal(signal.SIGTERM)
    try:
        started.wait(STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


@asynccontextmanager
async def talking(
    heard: Heard, url: str, *command: str, **environment: str
) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Start a bot, wait until it asks for updates, stop it in the end."""
    own = {
        "TELEGRAM_API_URL": url,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "DJANGO_SETTINGS_MODULE": "crm.settings",
    }
    began = time.perf_counter()
    async with process(*command, **own | environment) as bot:
        await heard.until(lambda: heard.asked > began, lambda: bot.poll() is None)
        yield bot


def used_of(pid: int) -> float:
    """Return the processor's seconds of a process and of those that it has begun."""
    begun = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return used_by(pid) + sum(used_of(int(one)) for one in begun)
