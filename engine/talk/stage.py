"""The stage of a talk: what each person has on his phone, and what happens when he touches it.

Does what the Telegram door does, without Telegram: an arrival is served, its answer is shown, the
outbox is delivered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.errors import Refused
from engine.model.conversation import Button, Input, Prompt, Seen, Session
from engine.model.letters import Letter
from engine.model.values import Value
from engine.ports import Context
from engine.run.arrival import Arrival, Shown
from engine.run.desk import Desk
from engine.run.lives import SYSTEM_ACTOR
from engine.run.perform import again, serve
from engine.run.stored import pack_given, unpack_session
from engine.run.tokens import callback_data, letter_data
from engine.talk.plant import Plant

AT_ONCE = 50  # letters claimed in one go
AFTER = timedelta(microseconds=1)  # of whatever was touched before a restart


@dataclass(frozen=True, slots=True)
class Message:
    """A message on a phone. `data` is the callback data of each button; `live` tells whether its
    buttons are shown."""

    id: int
    chat: int
    text: str
    buttons: tuple[Button, ...] = ()
    data: tuple[str, ...] = ()
    live: bool = True
    screen: bool = False

    def described(self) -> str:
        """Write the message for an error of a talk."""
        titles = " ".join(f"[{button.title}]" for button in self.buttons) if self.live else ""
        return f"«{self.text}»" + (f"\n        {titles}" if titles else "")


@dataclass(frozen=True, slots=True)
class Moment:
    """One turn as coverage sees it: the live sessions of a chat before and after, those that
    ended, what came in."""

    before: tuple[Session, ...]
    after: tuple[Session, ...]
    arrival: Arrival


@dataclass
class Stage:
    """The phones and the plant behind them. `watch` is told of every turn; `saw` is shown every
    screen and `got` every message of the outbox, before they are said in a language."""

    plant: Plant
    rebuild: Callable[[Plant], Plant]
    watch: Callable[[Plant, Moment], None] = lambda plant, moment: None
    saw: Callable[[int, Prompt], None] = lambda chat, prompt: None
    got: Callable[[int, Prompt], None] = lambda chat, prompt: None
    messages: list[Message] = field(default_factory=list)
    toasts: dict[int, str] = field(default_factory=dict)
    touched: str = ""  # id of the session that changed last
    speaks: str = ""  # language of the phones, which counts until it is known who talks
    opened: datetime | None = None  # since when the plant talks again after a restart
    _update: int = 0
    _last: Arrival | None = None
    _screen: dict[int, int] = field(
        default_factory=dict
    )  # chat to the message that shows its screen
    _losing: bool = False

    def arrive(
        self, chat: int, *, given: Input | None = None, data: str = "", command: str = ""
    ) -> None:
        """Let a worker's update come in, show the answer, deliver what waits."""
        self._update += 1
        self._serve(Arrival(chat, self._update, given, data, command, self.speaks))
        self.deliver()

    def open(self, chat: int, flow: str, given: Mapping[str, Value]) -> None:
        """Put a button that begins a form on a person's phone, and press it."""
        ports, title = self.plant.ports, self.plant.program.flows[flow].title
        with ports.transaction():
            kept = ports.chats.load(chat)
            button = Button(title, "flow", pack_given(flow, given))
            ports.chats.keep(replace(kept, buttons=(button,)), self.plant.clock.now())
        self.arrive(chat, data=callback_data(kept.token, kept.turn, 0))

    def repeat(self) -> None:
        """Bring the last update once more."""
        if self._last is not None:
            self._serve(self._last)
            self.deliver()

    def lose(self) -> None:
        """Lose the next answer: the process dies between the commit and the sending."""
        self._losing = True

    def restart(self) -> None:
        """Throw away everything but what is stored, and go on; answers that were lost are shown."""
        self.plant = self.rebuild(self.plant)
        now = self.plant.clock.now()
        self.opened = max(now, self.opened or now) + AFTER
        for chat in self.plant.ports.chats.undelivered():
            with self.plant.ports.transaction():
                ports = self.plant.ports
                desk = Desk(
                    self.plant.program, ports, ports.people.actor(chat), ports.reads.clock.now()
                )
                shown = again(desk, ports.chats.load(chat))
            self._show(shown)
        self.deliver()

    def wait(self, by: timedelta) -> None:
        """Let time pass: timers fire and letters are delivered, each at its moment."""
        until = self.plant.clock.now() + by
        while True:
            due = (self.plant.timers.next_due(), self.plant.ports.outbox.next_due())
            now = self.plant.clock.now()
            stop = min((one for one in due if one is not None and now < one < until), default=until)
            self.plant.clock.move(stop - now)
            with self.plant.ports.transaction():
                self.plant.timers.sweep(stop)
            self.deliver()
            if stop == until:
                return

    def look(self) -> None:
        """Let every form that stands at a wait look again: something has changed."""
        for chat in list(self.plant.memory.chats):
            self._serve(Arrival(chat, input=Input.free()))
        self.deliver()

    def fire(
        self,
        transition: str,
        identity: str,
        chat: int | None,
        reason: str = "",
        given: Mapping[str, Value] | None = None,
    ) -> str:
        """Let the person of a chat do a transition, as the office does, or the system where there
        is no chat; return why it was refused, an empty text when it was not."""
        ports, row = self.plant.ports, self.plant.memory.rows.get(identity)
        actor = SYSTEM_ACTOR if chat is None else ports.people.actor(chat)
        if row is None or actor is None:
            return f"нет записи {identity}"
        try:
            with ports.transaction():
                context = Context(actor, "", self.plant.clock.now())
                ports.operations.fire(row, transition, context, reason, given)
        except Refused as refused:
            return str(refused)
        self.deliver()
        return ""

    def deliver(self) -> None:
        """Deliver what waits in the outbox, decisions too, until nothing does."""
        outbox, clock = self.plant.ports.outbox, self.plant.clock
        while letters := outbox.claim(clock.now(), AT_ONCE):
            for letter in letters:
                outbox.sent(letter.id, self._delivered(letter), clock.now())

    def _delivered(self, letter: Letter) -> int | None:
        if letter.kind == "verdict" and letter.verdict is not None:
            self._serve(Arrival(letter.chat, input=Input.decided(letter.verdict)))
            return None
        if letter.kind == "signal" and letter.signal is not None:
            self._serve(Arrival(letter.chat, input=Input.of(letter.signal)))
            return None
        rows = tuple((button,) for button in letter.buttons)
        if not (letter.paper or letter.report):
            self.got(letter.chat, Prompt(letter.text, rows, letter.pictures))
        letter = letter.said(self.plant.program.languages.speaker(letter.language))
        if letter.kind == "edit":
            self._edit(letter)
            return None
        made = letter.paper.document if letter.paper else ""
        made = letter.report.report if letter.report else made
        text = f"📎 {made}" if made else str(letter.text)
        data = tuple(letter_data(letter.id, index) for index in range(len(letter.buttons)))
        return self._put(Message(0, letter.chat, text, letter.buttons, data))

    def _edit(self, letter: Letter) -> None:
        """Change a message of a letter that was delivered before."""
        data = tuple(letter_data(letter.about, index) for index in range(len(letter.buttons)))
        self.messages = [
            replace(one, text=str(letter.text), buttons=letter.buttons, data=data, live=bool(data))
            if one.id == letter.message
            else one
            for one in self.messages
        ]

    def _serve(self, arrival: Arrival) -> None:
        self._last = arrival if arrival.update else self._last
        before = self.plant.ports.chats.load(arrival.chat).sessions
        shown = serve(self.plant.program, self.plant.ports, arrival, self.opened)
        after = self._after(arrival.chat, before)
        changed = [one for one in after if one not in before]
        live = [one for one in changed if one.state.live] or changed
        self.touched = str(live[-1].id) if live else self.touched
        self.watch(self.plant, Moment(before, after, arrival))
        self._show(shown, arrival.data)

    def _after(self, chat: int, before: tuple[Session, ...]) -> tuple[Session, ...]:
        live = self.plant.ports.chats.load(chat).sessions
        gone = {one.id for one in before} - {one.id for one in live}
        return live + tuple(self.session(str(name)) for name in gone)

    def session(self, name: str) -> Session:
        """Return a stored session, live or ended. Raises KeyError."""
        return unpack_session(json.loads(self.plant.memory.sessions[name]))

    def _show(self, shown: Shown, pressed: str = "") -> None:
        self.toasts[shown.chat] = shown.toast
        if shown.strip and pressed:
            self._strip(pressed)
        if shown.prompt is None:
            return
        self.saw(shown.chat, shown.prompt)
        if self._losing:
            self._losing = False
            return
        data = tuple(
            callback_data(shown.token, shown.turn, index)
            for index in range(len(shown.prompt.buttons))
        )
        message = self._put(
            Message(0, shown.chat, str(shown.prompt.text), shown.prompt.buttons, data, screen=True)
        )
        self._screen[shown.chat] = message
        self.plant.ports.chats.shown(Seen(shown.chat, shown.turn, message))

    def _strip(self, pressed: str) -> None:
        self.messages = [
            replace(one, live=False) if pressed in one.data else one for one in self.messages
        ]

    def _put(self, message: Message) -> int:
        self.messages.append(replace(message, id=len(self.messages) + 1))
        return len(self.messages)

    def screen(self, chat: int) -> Message | None:
        """Return the message that shows what the chat shows now."""
        number = self._screen.get(chat)
        return self.messages[number - 1] if number else None
