"""Every talk played in a language that is none: whatever is shown without its brackets was never
given to a translator, and what is over a limit there will be in a language with long words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest

from engine.languages.catalogue import SOURCE, Languages
from engine.languages.pseudo import Pseudo, uncovered, unmarked
from engine.run.arrival import Shown
from engine.run.program import Program, compile_program
from engine.talk.parse import Says, Talk, find_talks
from engine.talk.plant import Plant, rehearsal_plant
from engine.talk.play import play
from engine.talk.stage import Message, Stage
from tests.engine.rehearsal import FLOWS, samples, shipped

TALKS = find_talks(FLOWS)
WORD = re.compile("[А-Яа-яЁё]+")
LONGEST, LONGEST_TOAST = 4096, 200  # characters; longer messages are split, longer toasts cut


@dataclass
class PseudoStage(Stage):
    """A stage whose Russian is the pseudo-locale. Talks are compared with what stood before the
    marks; what was really shown is kept in `raw`."""

    raw: list[str] = field(default_factory=list)
    popped: list[str] = field(default_factory=list)

    def _put(self, message: Message) -> int:
        self.raw += [message.text, *(button.title for button in message.buttons)]
        buttons = tuple(replace(one, title=unmarked(one.title)) for one in message.buttons)
        return super()._put(replace(message, text=unmarked(message.text), buttons=buttons))

    def _show(self, shown: Shown, pressed: str = "") -> None:
        self.raw.append(shown.toast)
        self.popped.append(shown.toast)
        super()._show(replace(shown, toast=unmarked(shown.toast)), pressed)


@cache
def program() -> Program:
    return compile_program(shipped().sources(), Languages({SOURCE: Pseudo()}))


def plant_of(before: Plant | None = None) -> Plant:
    if before is None:
        return rehearsal_plant(program(), shipped().vocabulary, samples())
    return rehearsal_plant(program(), shipped().vocabulary, samples(), before.memory, before.clock)


def data(talk: Talk) -> str:
    """Return what people and catalogues say: it is shown as it is in any language."""
    typed = " ".join(line.what for line in talk.lines if isinstance(line, Says))
    kept = (FLOWS / "samples.yaml").read_text(encoding="utf-8")
    project = shipped().project
    names = " ".join((*project.languages.values(), project.plant.name))
    sources = " ".join(limit.source for limit in shipped().limits.values())
    return " ".join((typed, kept, names, sources))


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: Path(talk.path).stem)
def test_everything_shown_in_a_talk_can_be_translated(talk: Talk):
    stage = PseudoStage(plant_of(), plant_of)
    play(talk, stage)
    assert max(map(len, stage.raw), default=0) <= LONGEST
    assert max(map(len, stage.popped), default=0) <= LONGEST_TOAST
    known = set(WORD.findall(data(talk)))
    bare = {
        word for text in stage.raw for word in WORD.findall(uncovered(text)) if word not in known
    }
    assert not bare, [text for text in stage.raw if bare & set(WORD.findall(uncovered(text)))][:5]


def test_the_stage_sees_a_text_that_nobody_could_translate():
    stage = PseudoStage(plant_of(), plant_of)
    stage._put(Message(0, 1, "⟦Масса⟧ прямо в коде"))
    assert WORD.findall(uncovered(stage.raw[-1])) == ["прямо", "в", "коде"]
