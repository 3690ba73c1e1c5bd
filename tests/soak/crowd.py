"""A crowd at a plant of real processes: what load it holds, and whether a process grows with what
it has done: `python -m tests.soak.crowd --workers 5000 --turns 100000 --bots 2`.

Everybody opens the form of a delivery and leaves it open, so that so many sessions live at once.
Then a few at a time, in rotation, go on: most cancel the form in the middle and begin anew, one in
so many takes the whole delivery, with photos, a job of the workers, a save and its notices: a share
of the turns is theirs, for a rotation of thousands would bring none to his save; the office shows a
page now and then. A turn lasts from what a worker sends until his screen changed. One bot asks for
its updates, several have them brought.
PostgreSQL does not wait for its disk, unless it shall be `durable` (for the bench), and the phones
share the processors with the plant."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

import psycopg

from crm.care.garbage import settle
from engine.simulator.core import Simulator
from engine.simulator.messages import Chat, Message, Phone
from engine.simulator.pictures import photo_sizes
from engine.simulator.samples import TITLES, photo
from engine.simulator.server import serve
from engine.talk.phone import plain
from tests import database, servers
from tests.chaos.plant_of_day import parent
from tests.chaos.proxy import Door
from tests.chaos.receiver import ACTS, LOST, NOT_SHOWN, asked
from tests.crash.parent import FIRST_HIRED
from tests.crash.plants import Parent

NAME = "crowd"
WORKERS, TURNS, BOTS = 5_000, 100_000, 2
MARK = 10  # the first of so many parts of the turns: memory is compared with what it was then
LULL_S = 0.02  # of who has nothing to do
AT_ONCE = 40  # turns that are on their way: as many as Telegram brings
WHOLE = 20  # one form in so many is filled in to its end
SHARE = 10  # one turn in so many is of such a form
PAGE_EVERY = 50  # turns to a page of the office
PAGES = ("/admin/", "/admin/production/rawbatch/", "/admin/work/task/")
OPENED = "Выберите вид сырья"  # where everybody leaves his form open
MOST_TO_OPEN = 50  # turns
LEFT = "Выберите кондицию"  # where most cancel it
BEGIN = "Новая партия"
PATIENCE_S = 60.0  # for a screen
FAILED = (LOST, NOT_SHOWN)
SCREENS = (
    *ACTS,
    ("Точно отменить?", "press", "Да, отменить"),
    ("зарегистрирована", "text", "/start"),
)
GROWTH = 1.1  # of memory at most, from the mark to the end


@dataclass
class Held:
    """What a plant held: seconds of each turn after the forms were open, seconds of all of them,
    forms that were saved, what went wrong, sessions at once, memory of each process at the mark and
    at the end."""

    bots: int
    workers: int
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0
    saved: int = 0
    errors: list[str] = field(default_factory=list)
    sessions: int = 0
    memory: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """Return what is not as it shall be."""
        grown = [name for name, (first, last) in self.memory.items() if last > GROWTH * first]
        fewer = ["fewer sessions than workers"] if self.sessions < self.workers else []
        fewer += [] if self.saved else ["nothing was saved"]
        return [*self.errors, *fewer, *(f"{name} grew" for name in grown)]

    def __str__(self) -> str:
        p99 = quantiles(self.waits, n=100)[98]
        lines = [
            f"{self.bots} bots, {self.sessions} sessions of {self.workers} workers at once: "
            f"{len(self.waits)} turns, {len(self.waits) / self.seconds:.1f} a second, "
            f"{self.saved} saves, "
            f"p50 {1000 * median(self.waits):.0f} ms, p99 {1000 * p99:.0f} ms, "
            f"errors {len(self.errors)}"
        ]
        for name, (first, last) in self.memory.items():
            lines.append(f"{name:>10}: {first:.1f} MB, then {last:.1f} MB: {last / first:.2f}")
        return "\n".join([*lines, *self.wrong[:5]])


class Crowd:
    """The phones: what each does next is what his screen asks."""

    def __init__(self, core: Simulator, held: Held) -> None:
        self.core, self.held = core, held
        self._photo = photo_sizes(photo(next(iter(TITLES))))
        self._date = f"{datetime.now(UTC) - timedelta(days=7):%d.%m.%Y}"
        self._begun = dict.fromkeys(range(FIRST_HIRED, FIRST_HIRED + held.workers), 0)
        self._ready, self._whole = deque(self._begun), deque[int]()
        self._filling: set[int] = set()  # whole forms
        self._drawn = 0

    async def open(self) -> None:
        """Let everybody open his form and leave it open."""
        chats = iter(self._begun)

        async def some() -> None:
            for chat in chats:
                for _ in range(MOST_TO_OPEN):
                    if OPENED in _text(_asking(self.core.people.chat(chat))):
                        break
                    await self._turn(chat)
                else:
                    self.held.errors.append(f"{chat}: his form does not open")

        await _at_once(some)

    async def turns(self, count: int) -> None:
        """Let them do so many turns more, in rotation."""
        end, began = len(self.held.waits) + count, time.monotonic()

        async def some() -> None:
            while len(self.held.waits) < end:
                chat = self._next()
                waited = await self._turn(chat)
                self._back(chat)
                if waited is not None:
                    self.held.waits.append(waited)

        await _at_once(some, self.held.workers)
        self.held.seconds += time.monotonic() - began

    def _next(self) -> int:
        """Return whose turn it is."""
        self._drawn += 1
        whole = self._whole and (not self._ready or self._drawn % SHARE == 0)
        return (self._whole if whole else self._ready).popleft()

    def _back(self, chat: int) -> None:
        """Put who had his turn behind the others, who fills in a whole form before them."""
        if chat in self._filling:
            self._whole.appendleft(chat)
        else:
            self._ready.append(chat)

    async def _turn(self, chat: int) -> float | None:
        """Do what a screen asks and return after how many seconds it changed; None when there was
        nothing to do."""
        there = self.core.people.chat(chat)
        screen = _asking(there)
        before, told = _state(screen), len(there.toasts)
        if not self._acts(chat, screen):
            await asyncio.sleep(LULL_S)
            return None
        began = time.monotonic()
        while _state(_asking(there)) == before:
            left = began + PATIENCE_S - time.monotonic()
            if left <= 0:
                self.held.errors.append(f"{chat}: nothing came of {before}")
                break
            await self.core.world.changes.wait(left, chat)
        said = (*(one.text for one in there.toasts[told:]), _text(_asking(there)))
        self.held.errors += [f"{chat}: {one}" for one in said if one.startswith(FAILED)]
        return time.monotonic() - began

    def _acts(self, chat: int, screen: Message | None) -> bool:
        """Do what a screen asks; tell whether there was something to do."""
        people, asks = self.core.people, asked(_text(screen), SCREENS)
        if asks is None or screen is None:
            people.text(chat, "/start")
            return True
        part, how, what = asks
        if what == BEGIN:
            self._filling.discard(chat)
        elif part == LEFT and (chat + self._begun[chat]) % WHOLE:
            how, what = "text", "/cancel"
        elif part == LEFT:
            self._filling.add(chat)
        match how:
            case "wait":
                return False
            case "photo":
                people.photos(chat, [self._photo])
            case "press":
                self._press(chat, screen, what)
            case _:
                number = f"{chat}-{self._begun[chat]}"
                people.text(chat, what.format(number=number, kg="1000,5", date=self._date))
        return True

    def _press(self, chat: int, screen: Message, what: str) -> None:
        place = _place(screen, what)
        if place is None:
            self.held.errors.append(f"{chat}: no «{what}» on {_text(screen)!r}")
            self.core.people.text(chat, "/start")
        else:
            self.core.people.press(chat, screen.id, *place)
            self._begun[chat] += what == BEGIN


async def _at_once(some: Callable[[], Coroutine[Any, Any, None]], most: int = AT_ONCE) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, most)):
            group.create_task(some())


def _asking(chat: Chat) -> Message | None:
    """Return the newest message of the bot that asks something."""
    theirs = (one for one in reversed(chat.messages.values()) if not one.mine and not one.deleted)
    return next((one for one in theirs if asked(_text(one), SCREENS)), None)


def _text(screen: Message | None) -> str:
    return screen.content.text if screen else ""


def _state(screen: Message | None) -> tuple[int, int, str]:
    return (screen.id, screen.revision, _text(screen)[:40]) if screen else (0, 0, "")


def _place(screen: Message, label: str) -> tuple[int, int] | None:
    """Return the row and the column of a button; None where there is none."""
    rows = screen.keyboard.rows if screen.keyboard else ()
    places = (
        (row, column)
        for row, buttons in enumerate(rows)
        for column, button in enumerate(buttons)
        if plain(button["text"]) == plain(label)
    )
    return next(places, None)


@dataclass
class Running:
    """A plant that runs: its processes by name, its office, its database."""

    pids: dict[str, int]
    office: str
    session: str
    rows_url: str

    def memory(self) -> dict[str, float]:
        """Return the megabytes that each process has in memory."""
        return {name: _resident_mb(pid) for name, pid in self.pids.items()}

    def sessions(self, state: str) -> int:
        """Return how many sessions stand so."""
        with psycopg.connect(self.rows_url) as rows:
            asks = "SELECT count(*) FROM work_session WHERE state = %s"
            return int((rows.execute(asks, [state]).fetchone() or (0,))[0])

    def page(self, number: int) -> None:
        """Have the office show a page. Raises OSError."""
        asked_for = Request(
            self.office + PAGES[number % len(PAGES)],
            headers={"Cookie": f"sessionid={self.session}"},
        )
        with urlopen(asked_for, timeout=PATIENCE_S) as answer:
            answer.read()


def _resident_mb(pid: int) -> float:
    """Return the megabytes of a process, of one that has begun another to do its work those of
    that."""
    begun = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    if begun:
        return _resident_mb(int(begun[-1]))
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@contextmanager
def plant(
    simulator_url: str, workers: int, bots: int, *, durable: bool = False
) -> Iterator[Running]:
    """Start the servers and the processes of a plant with so many receivers."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        rows = servers.postgres(durable=durable, like=database.cluster())
        server = stack.enter_context(rows)
        database.copy(server, NAME)
        talking = {"bot 1": f"talk {NAME}"}
        if bots > 1:
            ports = [servers.free_port() for _ in range(bots)]
            url = f"{stack.enter_context(Door(ports)).line.url}/telegram"
            talking = {f"bot {at}": f"hook {NAME} {port} {url}" for at, port in enumerate(ports, 1)}
        environment = {
            "DATABASE_URL": server,
            "REDIS_URL": stack.enter_context(servers.redis()),
            "FILES_DIR": str(folder / "files"),
            "TELEGRAM_API_URL": simulator_url,
            "TELEGRAM_BOT_TOKEN": "1:demo",
            "MEATBOT_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "crm.settings",
            "LOG_LEVEL": "WARNING",
        }
        process = stack.enter_context(parent(folder, environment))
        asked_of = Parent(process, 0, folder, "")
        assert asked_of.ask("own") == "own"
        assert asked_of.ask(f"seed {NAME}") == "seeded"
        assert asked_of.ask(f"hire {NAME} {workers}") == str(workers)
        office = servers.free_port()
        lines = {
            **talking,
            "worker": f"work {NAME}",
            "scheduler": f"schedule {NAME}",
            "web": f"web {NAME} {office}",
        }
        session = asked_of.ask(f"enter {NAME}")
        pids = {name: int(asked_of.ask(line)) for name, line in lines.items()}
        yield Running(pids, f"http://127.0.0.1:{office}", session, database.named(server, NAME))


async def _pages(running: Running, held: Held) -> None:
    """Look at the office, a page to so many turns."""
    shown = 0
    while True:
        await asyncio.sleep(LULL_S)
        if len(held.waits) >= shown * PAGE_EVERY:
            try:
                await asyncio.to_thread(running.page, shown)
            except OSError as error:
                held.errors.append(f"the office: {error}")
            shown += 1


async def hold(workers: int, turns: int, bots: int, *, durable: bool = False) -> Held:
    """Let a crowd do so many turns; when it shall be `durable`, PostgreSQL waits for its disk."""
    phones = (Phone(FIRST_HIRED + at, f"Приёмный {at}") for at in range(workers))
    core, held = Simulator(phones), Held(bots, workers)
    simulator = await serve(core)
    with ExitStack() as stack:
        started = plant(simulator.url, workers, bots, durable=durable)
        entered = asyncio.to_thread(stack.enter_context, started)
        running, crowd = await entered, Crowd(core, held)
        while core.world.updates.status != "online":
            await core.world.changes.wait(1)
        settle()  # a search through all that is loaded here stops the phones for half a second
        began = time.monotonic()
        await crowd.open()
        held.sessions = running.sessions("talking")
        _say(f"{held.sessions} sessions, opened in {time.monotonic() - began:.0f} s")
        looking = asyncio.create_task(_pages(running, held))
        for part in range(1, MARK + 1):
            await crowd.turns(turns * part // MARK - len(held.waits))
            for name, mb in running.memory().items():
                held.memory[name] = (held.memory.get(name, (mb, mb))[0], mb)
            held.saved = running.sessions("saved")
            _say(str(held).splitlines()[0])
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await asyncio.to_thread(stack.close)
    await simulator.stop()
    return held


def _say(line: str) -> None:
    """Tell who waits how far it is."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Hold what was asked for, print it, return the exit code."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--workers", type=int, default=WORKERS)
    given.add_argument("--turns", type=int, default=TURNS)
    given.add_argument("--bots", type=int, default=BOTS)
    asked_for = given.parse_args()
    held = asyncio.run(hold(asked_for.workers, asked_for.turns, asked_for.bots))
    print(held, flush=True)
    return 1 if held.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
