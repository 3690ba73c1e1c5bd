"""The stage of one play: a worker, one who decides, and everything shown looked at. Start at
`Hall`."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from engine.model.conversation import Chat, Input, Kind, Session
from engine.model.effects import Notice
from engine.model.text import Text
from engine.run.draft import Draft
from engine.run.stored import pack_given
from engine.talk.explore.sight import Sight
from engine.talk.explore.world import DECIDER, WORKER, Answers, Setting, World
from engine.talk.stage import Message, Stage

COMMENT = "Проверено на месте"


class Hall:
    """Phones of a worker and of one who decides, on a fresh plant."""

    def __init__(self, world: World, setting: Setting, sight: Sight) -> None:
        self.world, self.setting = world, setting
        plant = world.plant(setting)
        self.stage = Stage(
            plant,
            lambda before: before,
            saw=lambda chat, prompt: (
                sight.screen(prompt) if chat == self.worker else sight.message(prompt)
            ),
            got=lambda chat, prompt: sight.message(prompt),
        )
        people = {one.name: one.chat for one in plant.memory.people.values()}
        self.worker, self.decider = people[WORKER], people[DECIDER]
        facts = plant.ports.reads.facts
        assert isinstance(facts, Answers)
        self.facts = facts
        self.sent = 0

    @property
    def chat(self) -> Chat:
        """The worker's chat, as it is stored."""
        return self.stage.plant.ports.chats.load(self.worker)

    def draft(self, session: Session) -> Draft:
        """Return a session as a draft of this moment."""
        return Draft(self.world.program, session, self.stage.plant.ports.reads)

    def begin(self) -> None:
        """Let the worker press the button that begins the form."""
        ports, flow = self.stage.plant.ports, self.world.flow
        button = (flow.title, "flow", pack_given(flow.name, self.world.given(self.setting)))
        notice = Notice("explore", Text.of(flow.title), people=("1",), buttons=(button,))
        with ports.transaction():
            ports.outbox.notify(notice)
        self.stage.deliver()
        self.stage.arrive(self.worker, data=self.stage.messages[-1].data[0])

    def offers(self, act: str, arg: str | None = None) -> bool:
        """Tell whether the worker's screen has a button."""
        return self._at(self.stage.screen(self.worker), act, arg) is not None

    def send(self, given: Input) -> bool:
        """Let the worker do something; False when his screen has no such button."""
        if given.kind is not Kind.PRESS:
            self.stage.arrive(self.worker, given=given)
            self.sent += 1
            return True
        screen = self.stage.screen(self.worker)
        at = self._at(screen, given.act, given.arg)
        if at is None or screen is None:
            return False
        self.stage.arrive(self.worker, data=screen.data[at])
        self.sent += 1
        return True

    def press(self, act: str, arg: str | None = None) -> bool:
        """Let the worker press the first button of an act; False when there is none."""
        screen = self.stage.screen(self.worker)
        at = self._at(screen, act, arg)
        return (
            screen is not None
            and at is not None
            and self.send(Input.press(act, screen.buttons[at].arg))
        )

    def _at(self, screen: Message | None, act: str, arg: str | None) -> int | None:
        buttons = screen.buttons if screen else ()
        found = (
            at
            for at, one in enumerate(buttons)
            if one.act == act and (arg is None or one.arg == arg)
        )
        return next(found, None)

    def decide(self, deviation: str, code: str) -> bool:
        """Let the other one answer a request for a decision; False when he has no such button."""
        for message in reversed(self.stage.messages):
            at = self._at(message, "answer", f"{deviation}:{code}")
            if message.chat == self.decider and message.live and at is not None:
                self.stage.arrive(self.decider, data=message.data[at])
                self._comment()
                return True
        return False

    def _comment(self) -> None:
        """Say something where a comment is asked for."""
        if self.stage.plant.ports.chats.load(self.decider).screen.name == "comment":
            self.stage.arrive(self.decider, given=Input.text("а"))
            self.stage.arrive(self.decider, given=Input.text(COMMENT))


class Alarm(logging.Handler):
    """Hears what the engine logs as broken."""

    def __init__(self, met: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._met = met

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of a line of the log."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            self._met(record.getMessage())
            return
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        self._met(f"{record.getMessage()}: {type(error).__name__}: {error} ({where})")
