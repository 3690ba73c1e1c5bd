"""Whatever may come into a chat, in whatever order: people who answer what they are asked, and then
do not. Start at `Talk`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from random import Random
from typing import Any

from engine.model.conversation import Input, Kind, Verdict
from engine.model.files import FileRef
from engine.talk.memory import Memory
from engine.talk.plant import Plant, SetClock, rehearsal_plant
from engine.talk.samples import Samples
from engine.talk.stage import Moment, Stage
from engine.talk.things import OTHERS, UNFIT, Camera
from tests.engine.rehearsal import program, samples, shipped
from tests.fuzz.bounded import Bounded
from tests.fuzz.supplied import making, supplied

LENGTH = 40  # inputs of one talk
STRANGER = 9_999
SHOWN = 4_096  # characters of Telegram's longest message
SENSIBLE = [
    "ООО «Учебная компания 1»", "Каркас", "Каркас ЦБ", "замороженное", "-18", "20.11.2026", "900",
    "12", "1", "50", "5", "7:30", "24.11.2026 10:00", "Фабрика «Пробная»", "2411/1", "Киль", "3",
]  # fmt: skip
TYPED = {
    "text": ["Каркас", "2411/1", "по весам", "Фабрика «Пробная»"], "scan": ["2411/1"],
    "number": ["-18", "-8", "2", "12", "50", "900"], "integer": ["1", "3", "12"],
    "date": ["20.11.2026", "22.11.2026"], "time": ["7:30", "10:00"],
    "datetime": ["22.11.2026 9:30"],
}  # fmt: skip
FILES = {"photos": "photo", "file": "pdf"}
TEXTS = [
    *SENSIBLE, "охлаждённое", "-5,5", "6", "0", "да", "нет", "/start", "/nothing", "", " ", "\x00",
    "\ud800", "\u202e", "<b>&amp;", "{weight}", "{batch.number}", "{{ a }}", "1e400", "٣",
    "9" * 400,
    "ж" * 5_000, "😀" * 300, "a\n" * 500, "-", "٫", "½", "31.02", "29.02.2027", "99.99.9999", "−5",
    "00.00.0000", "--5", "1 000,5", "NaN", "Infinity", "1_0", "0x1", "24:00", "24.11.2026 25:61",
]  # fmt: skip
WORDS = [
    "", "back", "skip", "cancel", "save", "edit", "menu", "yes", "no", "option", "list", "add",
    "done", "remove", "fix", "restart", "flow", "raw_intake", "0", "1", "-1", "9" * 20, "weight",
    "items.1.kg",
    "items.0", "company", "x.y", "é", "\x00", "pack:1", "{}", "[]", "approve",
]  # fmt: skip
DATA = ["s.x.1.0", "n.x.0", "s..1.1", "n.1.0", "n.99999999999999999999999.0", "s.é.1.0", "x" * 64]
THINGS = ["photo", "photo 3", "same photo", "file", "pdf", *OTHERS, *UNFIT]
COMMANDS = ["start", "cancel", "tasks", "help", "lang", "nothing", " "]
REACHED: set[tuple[str, str]] = set()  # flow and step, or flow and how it ended
# What is done how often: most of the time people get on with their work.
DEEDS = {
    "answer": 120, "write": 6, "press": 6, "old": 3, "send": 4, "input": 4, "data": 3, "command": 3,
    "open": 4, "wait": 3, "repeat": 2, "restart": 2,
}  # fmt: skip


@cache
def plenty() -> Samples:
    """Return the shipped samples with all that they leave out."""
    return supplied(shipped(), samples())


def begin(memory: Memory | None = None, clock: SetClock | None = None) -> Plant:
    """Return the shipped plant: afresh, or over a memory, as after a restart."""
    return rehearsal_plant(program(), shipped().vocabulary, plenty(), memory, clock)


def _reached(plant: Plant, moment: Moment) -> None:
    del plant
    for one in moment.after:
        REACHED.add((one.flow, one.step if one.state.live else f"= {one.state}"))


class Talk:
    """A stage on which the people of the samples, and a stranger, do what a seed says."""

    def __init__(self, seed: str, bounded: Bounded) -> None:
        self.bounded = bounded
        self.random = Random(seed)
        self.stage = Stage(begin(), lambda plant: begin(plant.memory, plant.clock), _reached)
        self.camera = Camera()
        people = self.stage.plant.memory.people.values()
        self.chats = {one.chat: one.roles for one in people}
        self.making = making(shipped())

    def run(self) -> None:
        """Open a form, then do things, each within its second."""
        one = self.random.choice(self._open())
        do: dict[str, Callable[[int], Any]] = {
            "answer": self._answer, "write": self._write, "press": self._press,
            "old": self._old, "send": self._send, "input": self._input, "data": self._data,
            "command": self._command, "open": lambda chat: self._open(), "wait": self._wait,
            "repeat": self._repeat, "restart": self._restart,
        }  # fmt: skip
        for _ in range(LENGTH):
            (deed,) = self.random.choices([*DEEDS], [*DEEDS.values()])
            chat = one if self.random.random() < 0.7 else self._anybody()
            self._within(deed, partial(do[deed], chat))

    def _within(self, deed: str, do: Callable[[], Any]) -> None:
        shown = len(self.stage.messages)
        self.bounded(do)
        self.bounded.saw(deed)
        for message in self.stage.messages[shown:]:
            assert message.text.strip(), f"an empty message after {deed}"
            assert len(message.text) <= SHOWN, f"{len(message.text)} characters after {deed}"

    def _anybody(self) -> int:
        return self.random.choice([*self.chats, STRANGER])

    def _one_of(self, words: list[str]) -> str:
        """Return a word, sometimes one that nobody has thought of."""
        if self.random.random() < 0.9:
            return self.random.choice(words)
        return "".join(
            chr(self.random.randrange(1, 0x2FF)) for _ in range(self.random.randrange(9))
        )

    def _open(self) -> list[int]:
        """Let somebody open a form with what it is given, as from a message; return his chat."""
        flow = self.random.choice([one for one in shipped().flows.values() if not one.called])
        fitting = [chat for chat, roles in self.chats.items() if {*flow.roles} & roles]
        chat = self.random.choice(fitting or [*self.chats])
        given = {name: self.making.of(kind, 0) for name, kind in flow.given.items()}
        self.stage.open(chat, flow.flow, given)
        return [chat]

    def _buttons(self, chat: int, *, live: bool) -> list[str]:
        screen = self.stage.screen(chat)
        mine = [one for one in self.stage.messages if one.chat == chat]
        fitting = [one for one in mine if (one is screen or (one.live and not one.screen)) is live]
        return [data for one in reversed(fitting) for data in one.data]

    def _pressed(self, chat: int, data: str) -> None:
        before = len(self.stage.messages)
        self.stage.arrive(chat, data=data)
        came = [one for one in self.stage.messages[before:] if one.chat == chat]
        assert came or self.stage.toasts[chat] or not data, f"a press of {data!r} was not answered"

    def _press(self, chat: int) -> None:
        found = self._buttons(chat, live=True)
        if found:
            self._pressed(chat, self.random.choice(found))
        else:
            self.stage.arrive(chat, command="start")

    def _old(self, chat: int) -> None:
        found = self._buttons(chat, live=False)
        if found:
            self._pressed(chat, self.random.choice(found))

    def _data(self, chat: int) -> None:
        joined = ".".join(self._one_of(WORDS) for _ in range(self.random.randrange(1, 5)))
        self._pressed(chat, self.random.choice([joined[:64], self._one_of(DATA)]))

    def _write(self, chat: int) -> None:
        self.stage.arrive(chat, given=Input.text(self._one_of(TEXTS)))

    def _answer(self, chat: int) -> None:
        """Answer as a person would who wants to get on: by a button, or as the question wants."""
        screen = self.stage.screen(chat)
        ways = (
            [at for at, one in enumerate(screen.buttons) if one.act not in AWAY] if screen else []
        )
        kind = self._asked(chat)
        if screen and ways and (kind not in TYPED or self.random.random() < 0.3):
            self._pressed(chat, screen.data[self.random.choice(ways)])
        elif kind in FILES:
            for given in self.camera.inputs(str(chat), FILES[kind]) or ():
                self.stage.arrive(chat, given=given)
        else:
            said = self.random.choice(TYPED.get(kind, SENSIBLE))
            self.stage.arrive(chat, given=Input.text(said))

    def _asked(self, chat: int) -> str:
        """Return the kind of the question that a chat stands at."""
        top = self.stage.plant.ports.chats.load(chat).top
        place = program().node(top.flow, top.step) if top else None
        return place.node.step.kind if place else ""

    def _send(self, chat: int) -> None:
        for given in self.camera.inputs(str(chat), self.random.choice(THINGS)) or ():
            self.stage.arrive(chat, given=given)

    def _input(self, chat: int) -> None:
        word, files = lambda: self._one_of(WORDS), self.random.randrange(3)
        sent = tuple(FileRef(word(), word(), -1, word(), word()) for _ in range(files))
        verdict = Verdict(word(), word(), self._one_of(TEXTS), word())
        kind = self.random.choice([*Kind])
        said = self._one_of(WORDS if kind in OURS else TEXTS)
        given = Input(kind, said, word(), word(), sent, word(), self.random.choice([None, verdict]))
        self.stage.arrive(chat, given=given)

    def _command(self, chat: int) -> None:
        self.stage.arrive(chat, command=self.random.choice(COMMANDS))

    def _wait(self, chat: int) -> None:
        del chat
        self.stage.wait(timedelta(minutes=self.random.choice([1, 16, 50, 2_000])))

    def _repeat(self, chat: int) -> None:
        del chat
        self.stage.repeat()

    def _restart(self, chat: int) -> None:
        if self.random.random() < 0.5:
            self.stage.lose()
            self.stage.arrive(chat, command="help")
        self.stage.restart()


OURS = frozenset({Kind.UNFIT, Kind.OTHER})  # whose text the door chooses, not the worker
AWAY = frozenset({"cancel", "drop", "menu", "restart", "back", "language", "speak"})
