"""What tests of the running engine share: the shipped project, small projects, a plant in
memory."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from uuid import UUID

from engine.load.project import Project, load_project
from engine.model.conversation import Actor, Input, Session
from engine.model.effects import Turn
from engine.model.files import FileRef
from engine.run.advance import advance, start
from engine.run.program import Program, compile_program
from engine.talk.plant import Plant, rehearsal_plant
from engine.talk.rehearse import Rehearser
from engine.talk.samples import Samples, read_samples

FLOWS = Path(__file__).parents[2] / "flows"
RECEIVER = Actor("1", "Ветров П. А.", frozenset({"receiver"}))
IDENTITY = UUID("00000000-0000-4000-8000-000000000001")


def loaded(root: Path) -> Project:
    """Load a folder of flows that must be without findings."""
    project, findings = load_project(root)
    assert project is not None
    assert not findings, findings
    return project


@cache
def shipped() -> Project:
    return loaded(FLOWS)


@cache
def program() -> Program:
    return compile_program(shipped().sources())


@cache
def samples() -> Samples:
    return read_samples(FLOWS)


def plant() -> Plant:
    """Return a fresh plant with the shipped flows."""
    return rehearsal_plant(program(), shipped().vocabulary, samples())


@cache
def rehearser() -> Rehearser:
    """Return what makes fresh stages with the shipped flows."""
    return Rehearser(FLOWS, shipped())


def copied(folder: Path) -> Path:
    """Copy the shipped flows, templates and translations into a folder; return the copy of the
    flows."""
    for name in ("flows", "templates", "locales"):
        shutil.copytree(FLOWS.parent / name, folder / name)
    return folder / "flows"


def small(folder: Path, flow: str) -> Plant:
    """Return a plant whose only flow is the given text; the rest of the project is as shipped."""
    root = folder / "flows"
    (root / "test").mkdir(parents=True, exist_ok=True)
    for name in ("project.yaml", "limits.yaml", "menu.yaml", ".vocabulary.json", "samples.yaml"):
        shutil.copy(FLOWS / name, root / name)
    shutil.copytree(FLOWS / "lifecycles", root / "lifecycles", dirs_exist_ok=True)
    (root / "test" / "flow.yaml").write_text(flow, encoding="utf-8")
    project = loaded(root)
    return rehearsal_plant(compile_program(project.sources()), project.vocabulary, samples())


class Talker:
    """Walks a session through the pure turns, without a shell; keeps the last Turn."""

    def __init__(self, on: Plant, flow: str) -> None:
        self.plant = on
        self.turn: Turn = start(on.program, flow, RECEIVER, IDENTITY, on.ports.reads)

    @property
    def session(self) -> Session:
        return self.turn.session

    def take(self, given: Input) -> Turn:
        self.turn = advance(self.plant.program, self.session, given, self.plant.ports.reads)
        return self.turn

    def say(self, *texts: str) -> Turn:
        for text in texts:
            self.take(Input.text(text))
        return self.turn

    def press(self, *acts: str) -> Turn:
        for act in acts:
            name, _, arg = act.partition(":")
            self.take(Input.press(name, arg))
        return self.turn

    @property
    def text(self) -> str:
        assert self.turn.prompt is not None
        return str(self.turn.prompt.text)

    @property
    def acts(self) -> set[str]:
        assert self.turn.prompt is not None
        return {button.act for button in self.turn.prompt.buttons}


def picture(name: str) -> FileRef:
    """Return a stored picture whose content is told by its name."""
    return FileRef(f"tmp/2026/11/{name}", name * 8, 1000, "image/jpeg")


def at_body_temp(on: Plant, condition: str = "замороженное") -> Talker:
    """Return a talker of the intake at the question of the truck's temperature."""
    talker = Talker(on, "raw_intake")
    talker.say("ООО «Учебная компания 1»", "Каркас", "Каркас ЦБ", condition)
    talker.press("skip", "skip")
    return talker


def at_review(on: Plant, condition: str = "замороженное", temp: str = "-18") -> Talker:
    """Return a talker of the intake at its review, everything that can be skipped skipped."""
    talker = at_body_temp(on, condition)
    talker.say(temp)
    talker.press("skip", "skip", "skip", "skip", "skip", "skip")
    talker.say("Фабрика «Пробная»")
    talker.press("skip")
    talker.say("Киль", "900")
    talker.press("skip", "skip", "skip")
    talker.say("12")
    assert talker.session.step == "review"
    return talker
