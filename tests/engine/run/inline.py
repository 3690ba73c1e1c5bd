"""Small flows written inside tests, talked to through the pure turns; the session is stored and
loaded at every turn, jobs run by the set clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from engine.load.project import Project
from engine.model.conversation import Actor, Button, Input, Session
from engine.model.effects import CancelJob, StartJob, Turn
from engine.model.values import Value, show
from engine.model.vocabulary import FactForm, OperationForm, Vocabulary
from engine.run.advance import advance, start
from engine.run.draft import Draft
from engine.run.program import compile_program
from engine.run.stored import pack_session, unpack_session
from engine.talk.plant import Plant, rehearsal_plant
from engine.talk.samples import SampleJob, Samples
from tests.engine.rehearsal import FLOWS, IDENTITY, loaded, samples

CHAT = 1002
WORKER = Actor("1", "Ветров П. А.", frozenset({"receiver"}))
KEPT = ("project.yaml", "limits.yaml", "menu.yaml", ".vocabulary.json", "samples.yaml")


def project_of(folder: Path, *flows: str) -> Project:
    """Load a project whose flows are the given texts; the rest is as shipped."""
    root = folder / "flows"
    (root / "test").mkdir(parents=True, exist_ok=True)
    for name in KEPT:
        (root / name).write_bytes((FLOWS / name).read_bytes())
    for at, text in enumerate(flows):
        (root / "test" / f"flow{at}.yaml").write_text(text, encoding="utf-8")
    return loaded(root)


def inline(
    folder: Path,
    *flows: str,
    facts: Mapping[str, tuple[FactForm, Any]] | None = None,
    jobs: Mapping[str, tuple[OperationForm, list[dict[str, Any]]]] | None = None,
    given: Mapping[str, Value] | None = None,
    limits: str = "",
    actor: Actor = WORKER,
) -> Inline:
    """Begin the first of some flows; facts and jobs come with their forms and their answers."""
    project = project_of(folder, *flows)
    if limits:
        (folder / "flows" / "limits.yaml").write_text(limits, encoding="utf-8")
        project = loaded(folder / "flows")
    facts, jobs = facts or {}, jobs or {}
    vocabulary: Vocabulary = replace(
        project.vocabulary,
        facts={name: form for name, (form, _) in facts.items()},
        jobs={name: form for name, (form, _) in jobs.items()},
    )
    sources = replace(project.sources(), vocabulary=vocabulary)
    plain: Samples = samples().model_copy(
        update={
            "facts": {name: answer for name, (_, answer) in facts.items()},
            "jobs": {
                name: tuple(SampleJob.model_validate(line) for line in lines)
                for name, (_, lines) in jobs.items()
            },
        }
    )
    plant = rehearsal_plant(compile_program(sources), vocabulary, plain)
    name = flows[0].split("flow:", 1)[1].split()[0]
    return Inline(plant, name, given, actor)


class Inline:
    """One conversation of a small flow."""

    def __init__(
        self, plant: Plant, flow: str, given: Mapping[str, Value] | None, actor: Actor
    ) -> None:
        self.plant, self.actor = plant, actor
        self.turn: Turn = start(plant.program, flow, actor, IDENTITY, plant.ports.reads, given)
        self._perform()

    def _perform(self) -> None:
        for effect in self.turn.effects:
            match effect:
                case StartJob(identity, job, arguments, session):
                    self.plant.ports.jobs.start(job, identity, arguments, session, CHAT)
                case CancelJob(identity):
                    self.plant.ports.jobs.cancel(identity)

    @property
    def session(self) -> Session:
        return self.turn.session

    @property
    def at(self) -> str:
        return self.session.step

    def take(self, given: Input) -> Turn:
        stored = unpack_session(json.loads(json.dumps(pack_session(self.session))))
        assert replace(stored, actor=self.session.actor) == self.session
        session = replace(stored, actor=self.actor)
        self.turn = advance(self.plant.program, session, given, self.plant.ports.reads)
        self._perform()
        return self.turn

    def say(self, *texts: str) -> Inline:
        for text in texts:
            self.take(Input.text(text))
        return self

    def press(self, *titles: str) -> Inline:
        """Press buttons in sight by their titles."""
        for title in titles:
            found = [one for one in self.buttons if one.title == title]
            assert found, f"no [{title}] among {self.titles} at {self.at}: {self.text}"
            self.take(Input.press(found[0].act, found[0].arg))
        return self

    def wait(self, **time: float) -> Inline:
        self.plant.clock.move(timedelta(**time))
        return self

    @property
    def buttons(self) -> tuple[Button, ...]:
        prompt = self.turn.prompt
        return prompt.buttons if prompt is not None else ()

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.buttons]

    @property
    def text(self) -> str:
        return str(self.turn.prompt.text) if self.turn.prompt is not None else ""

    @property
    def draft(self) -> Draft:
        return Draft(self.plant.program, self.session, self.plant.ports.reads)

    def field(self, name: str) -> str:
        """Return a field of the flow as people read it."""
        return show(self.draft.fields[name])
