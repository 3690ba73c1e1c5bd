"""What the talks reached: questions asked and answered, branches taken, by flow.

A branch is a way through a question: «Пропустить», a decision, a `when:` that holds or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import Place
from engine.model.address import path_of
from engine.model.conversation import Kind, Session, State
from engine.run.draft import Draft
from engine.run.nodes import Node
from engine.run.program import FlowProgram, Program
from engine.steps.base import LimitedStep, Step
from engine.steps.repeat import RepeatStep
from engine.talk.plant import Plant
from engine.talk.stage import Moment

ANSWERED, SKIPPED, DEVIATED, ASKED, NOT_ASKED = (
    "ответ",
    "пропуск",
    "отклонение",
    "задан",
    "не задан",
)


@dataclass(frozen=True, slots=True)
class Ways:
    """A flow's ways that must be gone and those that were gone, as (step, way); `places` is where
    a step is written."""

    flow: str
    all: tuple[tuple[str, str], ...]
    gone: frozenset[tuple[str, str]]
    places: Mapping[str, Place]

    @property
    def steps(self) -> tuple[str, ...]:
        """Every question, in order."""
        return tuple(step for step, way in self.all if way == ANSWERED)

    @property
    def missed_steps(self) -> tuple[str, ...]:
        """Questions that no talk answered, in order."""
        return tuple(step for step in self.steps if (step, ANSWERED) not in self.gone)

    @property
    def missed_branches(self) -> tuple[tuple[str, str], ...]:
        """Branches that no talk took, in order; those of missed questions are left out."""
        missed = set(self.missed_steps)
        return tuple(one for one in self.all if one[0] not in missed and one not in self.gone)


@dataclass
class Coverage:
    """Collects ways while talks are played: give `watch` to the stage."""

    program: Program
    gone: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def watch(self, plant: Plant, moment: Moment) -> None:
        """Learn from one turn."""
        before = {session.id: session for session in moment.before}
        for session in moment.after:
            if session.flow in self.program.flows:
                self._learn(plant, before.get(session.id), session, moment)

    def _learn(self, plant: Plant, before: Session | None, after: Session, moment: Moment) -> None:
        gone = self.gone.setdefault(after.flow, set())
        was = before.answers if before else {}
        for name, answer in after.answers.items():
            if name not in was or was[name] != answer:
                gone.add((path_of(name), ANSWERED))
                if answer.value is None:
                    gone.add((path_of(name), SKIPPED))
        given = moment.arrival.input
        verdict = given.verdict if given and given.kind is Kind.DECISION else None
        if after.state is State.PARKED:
            gone.add((path_of(after.step), DEVIATED))
        if verdict and before and before.waiting == verdict.deviation:
            gone.add((path_of(before.step), verdict.answer))
        if after.step == "review" or not after.state.live:
            gone |= _at_the_end(plant, after)

    def of(self, flow: FlowProgram, places: Mapping[str, Place]) -> Ways:
        """Return what was reached of a flow."""
        ways = tuple((path, way) for path, node in flow.index.items() for way in _ways(node.step))
        return Ways(flow.name, ways, frozenset(self.gone.get(flow.name, set())), places)


def _at_the_end(plant: Plant, session: Session) -> set[tuple[str, str]]:
    """Return what a form that came to its end shows: the review, computed fields, questions asked
    or left out."""
    draft = Draft(plant.program, session, plant.ports.reads)
    gone: set[tuple[str, str]] = set()
    there = {path_of(stop.address) for stop in draft.walk.stops}
    tables = {path_of(name) for name in draft.walk.tables}
    for path, node in draft.flow.index.items():
        holds = path in there if node.step.asks else _holds(draft, node)
        if node.when is not None:
            gone.add((path, ASKED if holds else NOT_ASKED))
        given = isinstance(node.step, RepeatStep) and bool(node.step.over)
        if (not node.step.asks and holds) or (given and path in tables):
            gone.add((path, ANSWERED))
    if session.state is State.SAVED:
        gone.add((draft.flow.steps[-1].name, ANSWERED))
    return gone


def _holds(draft: Draft, node: Node) -> bool:
    """Tell whether a step that asks nothing itself was come to, in any row."""
    scopes = [
        env
        for prefix, env in draft.walk.scopes.items()
        if path_of(f"{prefix}{node.step.name}") == node.path
    ]
    return any(node.when is None or draft.asking.holds(node.when, env) for env in scopes)


def _ways(step: Step) -> tuple[str, ...]:
    ways = [ANSWERED]
    if step.skip:
        ways.append(SKIPPED)
    if step.when is not None:
        ways += [ASKED, NOT_ASKED]
    if isinstance(step, LimitedStep) and step.on_deviation is not None:
        ways += [DEVIATED, *step.on_deviation.answers]
    return tuple(ways)
