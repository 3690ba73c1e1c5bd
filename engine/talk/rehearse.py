"""Play all talks of a project, each on a plant of its own, and measure what they reach.

Start at `rehearse`. It expects a project without findings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path as Folder

from engine.errors import Place
from engine.languages.catalogue import LOCALES, read_languages
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.model.address import ROW_MARK, inside
from engine.run.program import compile_program
from engine.steps.base import Step
from engine.talk.coverage import Coverage, Ways
from engine.talk.lived import Chronicle, Lived
from engine.talk.parse import Talk, TalkError, find_talks
from engine.talk.plant import Plant, rehearsal_plant
from engine.talk.play import play
from engine.talk.samples import read_samples
from engine.talk.stage import Stage


@dataclass(frozen=True, slots=True)
class Played:
    """A talk that was played: what went wrong, if anything, and how long it took, in seconds."""

    talk: Talk
    error: TalkError | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All talks that were played, the ways of every flow, what was shown of every lifecycle."""

    played: tuple[Played, ...]
    ways: tuple[Ways, ...]
    lived: tuple[Lived, ...]

    @property
    def passed(self) -> bool:
        """Tell whether every talk went as written."""
        return all(one.error is None for one in self.played)


class Rehearser:
    """Makes stages for the talks of one project; a restart on a stage compiles the program anew."""

    def __init__(self, root: Folder, project: Project) -> None:
        self._sources = project.sources()
        self.samples = read_samples(root)
        self._languages = read_languages(LOCALES, project.project.languages)
        self.coverage = Coverage(compile_program(self._sources, self._languages))
        self.chronicle = Chronicle(self.coverage.program)

    def stage(self) -> Stage:
        """Return a fresh stage with the samples."""
        plant = rehearsal_plant(
            self.coverage.program,
            self._sources.vocabulary,
            self.samples,
            unmet=self.chronicle.unmet,
        )
        return Stage(plant, self._rebuilt, self.coverage.watch)

    def _rebuilt(self, plant: Plant) -> Plant:
        return rehearsal_plant(
            compile_program(self._sources, self._languages),
            self._sources.vocabulary,
            self.samples,
            plant.memory,
            plant.clock,
            unmet=self.chronicle.unmet,
        )


def rehearse(
    root: Folder,
    project: Project,
    only: str = "",
    told: Callable[[Played], None] = lambda one: None,
) -> Rehearsal:
    """Play the talks whose path contains `only`; `told` hears of each. Raises TalkError for a
    talk that cannot be read."""
    rehearser = Rehearser(root, project)
    played = []
    for talk in find_talks(root):
        if only in talk.path:
            played.append(_played(talk, rehearser))
            told(played[-1])
    flows = rehearser.coverage.program.flows.values()
    ways = tuple(rehearser.coverage.of(flow, places_of(project, flow.name)) for flow in flows)
    lived = tuple(
        rehearser.chronicle.of(life, project.tree("lifecycle", name))
        for name, life in project.lifecycles.items()
    )
    return Rehearsal(tuple(played), ways, lived)


def places_of(project: Project, flow: str) -> dict[str, Place]:
    """Return where every step of a flow is written, by its path."""
    return dict(_within(project.tree("flow", flow), project.flows[flow].steps, ("steps",), ""))


def _within(
    tree: Tree, steps: tuple[Step, ...], path: Path, scope: str
) -> Iterator[tuple[str, Place]]:
    """Give the place of every step by its path in the program."""
    for at, step in enumerate(steps):
        name = inside(scope, step.name)
        yield name, tree.place((*path, at))
        below = inside(name, ROW_MARK) if step.kind == "repeat" else scope
        yield from _within(tree, step.within, (*path, at, "steps"), below)


def _played(talk: Talk, rehearser: Rehearser) -> Played:
    start, stage = time.perf_counter(), rehearser.stage()
    try:
        play(talk, stage)
    except TalkError as error:
        rehearser.chronicle.forget()
        return Played(talk, error, time.perf_counter() - start)
    rehearser.chronicle.ended(talk, stage.plant.memory)
    return Played(talk, None, time.perf_counter() - start)
