"""Every question of every form gets every bad answer: each is refused with words and the question
again, and nothing changes.

The straight talk of a form is played by a worker who first tries, at each question, everything
that does not fit it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from engine.model.conversation import Chat, Input, Kind
from engine.run.tokens import ScreenPress, callback_data, parse
from engine.steps.base import Step
from engine.talk.parse import find_talks
from engine.talk.play import play
from engine.talk.stage import Stage
from engine.talk.things import OTHERS, UNFIT, Camera
from tests.engine.rehearsal import FLOWS, program, rehearser

CAMERA = Camera()
DIGITS, LETTERS = "7" * 400, "ж" * 5000
TEXTS = ("😀", "<b>", DIGITS, LETTERS, "31.02", " ", "\u200b", "e5", "٣", "1,2,3")
STRAIGHT = [
    talk
    for talk in find_talks(FLOWS)
    if talk.path.count(".") == 1 and talk.name.rpartition("/")[2] in program().flows
]
SILENCE = timedelta(minutes=10)


def things() -> Iterator[tuple[str, Input]]:
    """Give everything that a worker may send but should not, each with a name."""
    yield from ((text[:8], Input.text(text)) for text in TEXTS)
    for name in (*OTHERS, *UNFIT, "photo", "pdf"):
        yield from ((name, given) for given in CAMERA.inputs("worker", name) or ())


def fits(step: Step, given: Input) -> bool:
    """Tell whether an input is a right answer to a step, or a right one to type at it."""
    if step.kind == "photos":
        pdf = getattr(step, "pdf", False)
        return bool(given.sent) and all(one.is_picture or pdf for one in given.sent)
    if given.kind is not Kind.TEXT or not any(letter.isalnum() for letter in given.said):
        return False
    length = getattr(step, "length", None) or getattr(getattr(step, "other", None), "text", None)
    if length is not None:
        return int(length[0]) <= len(given.said) <= int(length[1])
    if step.kind == "number":
        return given.said == "31.02" and getattr(step, "unit", "") in ("kg", "%")
    return False


def facts(stage: Stage, chat: Chat) -> tuple[Any, ...]:
    """Return what must not change: the form's answers and place, and all that is stored."""
    memory, top = stage.plant.memory, chat.top
    assert top is not None
    place = (top.id, top.step, dict(top.answers), top.trail, top.state, top.editing, top.asked)
    told = sum(one.kind == "message" for one in memory.letters.values())  # a job may end meanwhile
    return (place, len(memory.made), dict(memory.deviations), told)


def asked(step: Step) -> list[str]:
    """Return how the texts of a question begin, up to their first hole."""
    plain = "Проверьте ответы" if step.kind == "review" else str(step.shown_label)
    texts = [one.text for one in step.prompts] or [plain]
    return [str(text)[:20].partition("{")[0] for text in texts]


@dataclass
class Pestered(Stage):
    """A stage whose workers try what does not fit before each of their answers."""

    asked: set[tuple[str, str]] = field(default_factory=set)
    tried: int = 0

    def arrive(
        self, chat: int, *, given: Input | None = None, data: str = "", command: str = ""
    ) -> None:
        """Pester the question that stands, then let the update come in."""
        standing = self.plant.ports.chats.load(chat)
        if standing.screen.name == "question" and standing.top is not None:
            found = program().node(standing.top.flow, standing.top.step)
            if found is not None:
                self._pester(standing, found.node.step)
            data = self._anew(standing, data)
        super().arrive(chat, given=given, data=data, command=command)

    def _pester(self, standing: Chat, step: Step) -> None:
        assert standing.top is not None
        if (standing.top.flow, step.name) in self.asked:
            return
        self.asked.add((standing.top.flow, step.name))
        before, chat, screen = facts(self, standing), standing.id, self.screen(standing.id)
        plain = screen.text if screen else ""
        for name, bad in things():
            if fits(step, bad):
                continue
            shown = len(self.messages)
            super().arrive(chat, given=bad)
            self.tried += 1
            said = [one.text for one in self.messages[shown:] if one.chat == chat]
            assert len(said) == 1, f"{step.name} was sent {name}"
            assert any(one in said[0] for one in asked(step)), f"{step.name}: {name}"
            assert said[0] != plain, f"no reason: {step.name}, {name}"
            assert LETTERS not in said[0], f"{step.name}: a long answer is repeated"
            assert facts(self, self.plant.ports.chats.load(chat)) == before, f"{step.name}: {name}"
        with self.plant.ports.transaction():  # a talk may have changed what queues wait for
            self.plant.timers.sweep(self.plant.clock.now())
        self.deliver()
        if self.plant.memory.tasks:
            return  # a task reminds of itself
        shown = len(self.messages)
        self.wait(SILENCE)
        assert len(self.messages) == shown, f"{step.name} was left in silence"
        assert facts(self, self.plant.ports.chats.load(chat)) == before

    def _anew(self, standing: Chat, data: str) -> str:
        """Put the question back as it stood (a search is over); return the data of its button."""
        now = self.plant.ports.chats.load(standing.id)
        back = replace(now, sessions=standing.sessions, buttons=standing.buttons)
        self.plant.ports.chats.keep(back, self.plant.clock.now())
        pressed = parse(data)
        if not isinstance(pressed, ScreenPress) or pressed.turn != standing.turn:
            return data
        return callback_data(now.token, now.turn, pressed.index)


@pytest.mark.parametrize("talk", STRAIGHT, ids=lambda talk: talk.name)
def test_a_bad_answer_to_any_question_is_refused_with_words_and_changes_nothing(talk: Any) -> None:
    fresh = rehearser().stage()
    stage = Pestered(fresh.plant, fresh.rebuild)
    play(talk, stage)
    flow = talk.name.rpartition("/")[2]
    questions = {name for of, name in stage.asked if of == flow}
    assert questions
    assert stage.tried > 12 * len(questions)


def test_every_form_has_a_straight_talk() -> None:
    own = {name for name, flow in program().flows.items() if not flow.result}
    assert {talk.name.rpartition("/")[2] for talk in STRAIGHT} == own
