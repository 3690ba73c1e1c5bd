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
    """All talks that were played and the ways of every flow."""

    played: tuple[Played, ...]
    ways: tuple[Ways, ...]

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

    def stage(self) -> Stage:
        """Return a fresh stage with the samples."""
        plant = rehearsal_plant(self.coverage.program, self._sources.vocabulary, self.samples)
        return Stage(plant, self._rebuilt, self.coverage.watch)

    def _rebuilt(self, plant: Plant) -> Plant:
        return rehearsal_plant(
            compile_program(self._sources, self._languages),
            self._sources.vocabulary,
            self.samples,
            plant.memory,
            plant.clock,
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
            played.append(_played(talk, rehearser.stage()))
            told(played[-1])
    flows = rehearser.coverage.program.flows.values()
    ways = tuple(rehearser.coverage.of(flow, places_of(project, flow.name)) for flow in flows)
    return Rehearsal(tuple(played), ways)


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


def _played(talk: Talk, stage: Stage) -> Played:
    start = time.perf_counter()
    try:
        play(talk, stage)
    except TalkError as error:
        return Played(talk, error, time.perf_counter() - start)
    return Played(talk, None, time.perf_counter() - start)
