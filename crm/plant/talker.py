"""Workers who talk to the plant in this process: the bot's own path (serve, outbox, sweep) on the
rows of this database, without Telegram.

    with PlantClock(start) as clock:
        talker = Talker(clock)
        talker.say("receiver", "/start", "[Новая партия]", "{photo}", "18 250,5")
        assert talker.phone("lab").sees("Новая партия сырья…")
        talker.after(minutes=16)

What is said is written as in .talk files; people are named as there (`receiver`, `lab2`) or by
their chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Max, Min

from crm.bridge.chats import DjangoChats
from crm.bridge.jobs import DjangoJobs
from crm.bridge.papers import PaperMaker
from crm.bridge.ports import make_ports
from crm.bridge.program import program
from crm.bridge.timers import DjangoTimers
from crm.outbox.bell import rung, sends_itself
from crm.outbox.models import Notice
from crm.plant.camera import Camera
from crm.plant.clock import PlantClock
from crm.plant.people import chats
from crm.plant.phone import Phone, Shown
from crm.work.models import Update
from engine.errors import EngineError
from engine.model.conversation import Button, Chat, Input, Seen, Session
from engine.model.letters import Letter
from engine.ports import Files
from engine.run import perform
from engine.run.arrival import Arrival
from engine.run.arrival import Shown as Answered
from engine.run.desk import Desk
from engine.run.program import Program
from engine.run.tokens import callback_data, letter_data

AT_ONCE = 100  # letters claimed in one go
AFTER = timedelta(microseconds=1)  # of whatever was touched before a restart
LONGEST_CHAIN = 200  # rounds of delivery after one turn; more is a ring of messages
COMMANDS = ("start", "tasks", "cancel", "help", "lang")


class NotOnScreen(AssertionError):
    """A worker was told to press what he does not see."""


class WatchedChats(DjangoChats):
    """The Chats port that remembers what it kept last: who talks knows where he stands."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[int, Chat] = {}

    def keep(
        self, chat: Chat, at: datetime, ended: tuple[Session, ...] = (), update: int = 0
    ) -> None:
        """Save the chat, and remember it."""
        super().keep(chat, at, ended, update)
        self.kept[chat.id] = chat


class Talker:
    """The phones of the plant's people and the plant behind them.

    `files` is where photos and papers are stored; without it photos lead to nothing and papers are
    marked as sent without being made."""

    def __init__(
        self,
        clock: PlantClock,
        present: Callable[[], Program] = program,
        files: Files | None = None,
    ) -> None:
        self.clock, self.files, self._present = clock, files, present
        self.camera = Camera(clock.now, files)
        self.turns = 0
        self._before = -(Update.objects.aggregate(least=Min("update_id"))["least"] or 0)
        self._message = Notice.objects.aggregate(most=Max("message_id"))["most"] or 0
        self.told: Callable[[int], None] = lambda chat: None  # of every message put into a chat
        self._phones: dict[int, Phone] = {}
        self._chats: dict[str, int] = {}
        self._jobs = DjangoJobs()
        self._last = Arrival(0)
        self._losing = False
        self._opened = clock.now()
        self._rung = -1  # of the bell, when the outbox was found empty
        self._next_letter: datetime | None = None  # then due
        sends_itself(lambda: True)
        self.restart()

    def restart(self) -> None:
        """Throw away everything but what is stored, as after a crash; then show what was lost."""
        self.program = self._present()
        self._seen = WatchedChats()
        self._opened = max(self.clock.now(), self._opened) + AFTER
        ports = make_ports(self.program, self.clock, self._jobs)
        self.ports = replace(ports, chats=self._seen)
        self.timers = DjangoTimers(self.program, self._jobs)
        for chat in self.ports.chats.undelivered():
            with self.ports.transaction():
                desk = Desk(
                    self.program, self.ports, self.ports.people.actor(chat), self.clock.now()
                )
                shown = perform.again(desk, self.ports.chats.load(chat))
            self._show(shown)
        self.deliver()

    def chat(self, who: str | int) -> int:
        """Return the chat of somebody. Raises KeyError when nobody is called so."""
        if isinstance(who, int):
            return who
        if who not in self._chats:
            self._chats = chats()
        return self._chats[who]

    def phone(self, who: str | int) -> Phone:
        """Return what somebody has in his hand."""
        chat = self.chat(who)
        return self._phones.setdefault(chat, Phone(chat))

    def state(self, who: str | int) -> Chat | None:
        """Return how somebody's chat stands since its last turn; None before the first."""
        return self._seen.kept.get(self.chat(who))

    def say(self, who: str | int, *things: str) -> Phone:
        """Let somebody say things one after another: `/start`, `/start CODE`, `[a button]`,
        `{photo}`, a text.

        Raises NotOnScreen for a button that is not there."""
        for thing in things:
            if thing.startswith("/") and thing[1:].partition(" ")[0] in COMMANDS:
                self.arrive(who, command=thing[1:])
            elif thing.startswith("[") and thing.endswith("]"):
                self.press(who, thing[1:-1])
            elif thing.startswith("{") and thing.endswith("}"):
                for given in self.camera.inputs(thing[1:-1]):
                    self.arrive(who, given=given)
            else:
                self.arrive(who, given=Input.text(thing))
        return self.phone(who)

    def press(self, who: str | int, title: str) -> Phone:
        """Press the button of a title. Raises NotOnScreen."""
        phone = self.phone(who)
        data = phone.find(title)
        if data is None:
            raise NotOnScreen(f"{who} sees no [{title}]:{phone.described()}")
        return self.arrive(who, data=data)

    def tap(self, who: str | int, button: Button) -> Phone:
        """Press a button of somebody's screen. Raises NotOnScreen."""
        screen = self.phone(who).screen
        if button not in screen.buttons:
            raise NotOnScreen(f"{who} sees no [{button.title}]: {screen.described()}")
        return self.arrive(who, data=screen.data[screen.buttons.index(button)])

    def arrive(
        self, who: str | int, *, given: Input | None = None, data: str = "", command: str = ""
    ) -> Phone:
        """Let an update come in, show the answer, deliver what waits.

        Numbers of updates are negative: no real one is ever met again as a repeated one."""
        self.turns += 1
        number = -(self.turns + self._before)
        self._last = Arrival(self.chat(who), number, given, data, command)
        self._serve(self._last)
        if self._rung != rung() or self._is_due(self.clock.now()):
            self.deliver()
        return self.phone(who)

    def repeat(self) -> None:
        """Bring the last update once more, as Telegram does after a break."""
        self._serve(self._last)
        self.deliver()

    def lose(self) -> None:
        """Lose the next answer: the process dies between the commit and the sending."""
        self._losing = True

    def after(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass: timers ring, jobs end and letters are delivered, each at its moment."""
        self.wait_until(self.clock.now() + timedelta(minutes=minutes, seconds=seconds))

    def wait_until(self, end: datetime) -> None:
        """Let time pass until a moment, stopping wherever something is due."""
        while True:
            now = self.clock.now()
            due = (self.timers.next_due(), self.ports.outbox.next_due())
            stop = min((one for one in due if one is not None and now < one < end), default=end)
            self.clock.move_to(stop)
            self.sweep()
            if stop >= end:
                return

    def sweep(self) -> int:
        """Do what is due now, as the bot's sweep does, and deliver; return how much it was."""
        fired = self.timers.sweep(self.clock.now())
        self.deliver()
        return fired

    def deliver(self) -> None:
        """Deliver what waits in the outbox, decisions and signals too, until nothing does.

        Raises EngineError when messages make messages without end."""
        outbox = self.ports.outbox
        for _ in range(LONGEST_CHAIN):
            now, self._rung = self.clock.now(), rung()
            self._next_letter = outbox.next_due()
            if not self._is_due(now):
                return
            with self.ports.transaction():
                for letter in outbox.claim(now, AT_ONCE):
                    outbox.sent(letter.id, self._delivered(letter), now)
        raise EngineError("the outbox never becomes empty")

    def _is_due(self, now: datetime) -> bool:
        return self._next_letter is not None and self._next_letter <= now

    def _delivered(self, letter: Letter) -> int | None:
        match letter.kind:
            case "verdict" if letter.verdict is not None:
                self._serve(Arrival(letter.chat, input=Input.decided(letter.verdict)))
                return None
            case "signal" if letter.signal is not None:
                self._serve(Arrival(letter.chat, input=Input.of(letter.signal)))
                return None
            case "paper" | "report":
                return self._put(letter, f"📎 {self._paper(letter)}")
        letter = letter.said(self.program.languages.speaker(letter.language))
        if letter.kind == "edit":
            self._edit(letter)
            return None
        return self._put(letter, str(letter.text))

    def _paper(self, letter: Letter) -> str:
        """Make the file of a letter where files are kept; return its name."""
        wanted = letter.paper or letter.report
        if wanted is None or self.files is None:
            return letter.paper.document if letter.paper else "report"
        return PaperMaker(self.program, self.files)(wanted)[0]

    def _put(self, letter: Letter, text: str) -> int:
        self._message += 1
        data = tuple(letter_data(letter.id, index) for index in range(len(letter.buttons)))
        self.phone(letter.chat).put(Shown(self._message, text, letter.buttons, data))
        self.told(letter.chat)
        return self._message

    def _edit(self, letter: Letter) -> None:
        if letter.message is not None:
            data = tuple(letter_data(letter.about, index) for index in range(len(letter.buttons)))
            changed = Shown(letter.message, str(letter.text), letter.buttons, data)
            self.phone(letter.chat).change(changed)

    def _serve(self, arrival: Arrival) -> None:
        shown = perform.serve(self.program, self.ports, arrival, self._opened)
        self._show(shown, arrival.data)

    def _show(self, answered: Answered, pressed: str = "") -> None:
        phone = self.phone(answered.chat)
        phone.toast = answered.toast
        if answered.strip and pressed:
            phone.strip(pressed)
        prompt = answered.prompt
        if prompt is None:
            return
        if self._losing:
            self._losing = False
            return
        self._message += 1
        data = tuple(
            callback_data(answered.token, answered.turn, index)
            for index in range(len(prompt.buttons))
        )
        phone.screen = Shown(self._message, str(prompt.text), prompt.buttons, data)
        self.ports.chats.shown(Seen(answered.chat, answered.turn, self._message))
        self.told(answered.chat)
