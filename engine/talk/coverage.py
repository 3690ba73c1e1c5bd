"""What the talks reached: questions asked and answered, branches taken, by flow.

A branch is a way through a question: «Пропустить», a decision, a `when:` that holds or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.errors import Place
from engine.model.address import path_of
from engine.model.conversation import Kind, Session, State
from engine.run.draft import Draft
from engine.run.nodes import Node
from engine.run.program import FlowProgram, Program
from engine.steps.base import LimitedStep, Step
from engine.steps.call import CallStep
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
        was = before.answers if before else {}
        for name, answer in after.answers.items():
            if name not in was or was[name] != answer:
                self._went(after.flow, path_of(name), ANSWERED)
                if answer.value is None:
                    self._went(after.flow, path_of(name), SKIPPED)
        given = moment.arrival.input
        verdict = given.verdict if given and given.kind is Kind.DECISION else None
        if after.state is State.PARKED:
            self._went(after.flow, path_of(after.step), DEVIATED)
        if verdict and before and before.waiting == verdict.deviation:
            self._went(after.flow, path_of(before.step), verdict.answer)
        if after.step == "review" or not after.state.live:
            for path, way in _at_the_end(plant, after):
                self._went(after.flow, path, way)

    def _went(self, flow: str, path: str, way: str) -> None:
        """Keep a way; that of a question of a called flow belongs to that flow."""
        names = path.split(".")
        for at in range(1, len(names)):
            node = self.program.flows[flow].index.get(".".join(names[:at]))
            if node is not None and isinstance(node.step, CallStep):
                self._went(node.step.flow, ".".join(names[at:]), way)
                return
        self.gone.setdefault(flow, set()).add((path, way))

    def of(self, flow: FlowProgram, places: Mapping[str, Place]) -> Ways:
        """Return what was reached of a flow."""
        ways = tuple((path, way) for path, node in flow.index.items() for way in _ways(node.step))
        return Ways(flow.name, ways, frozenset(self.gone.get(flow.name, set())), places)


def _at_the_end(plant: Plant, session: Session) -> set[tuple[str, str]]:
    """Return what a form that came to its end shows: the review, computed fields, questions asked
    or left out."""
    draft = Draft(plant.program, session, plant.ports.reads)
    there = frozenset(path_of(stop.address) for stop in draft.walk.stops)
    gone = set(_seen(draft, draft.flow, there, ""))
    if session.state is State.SAVED:
        gone.add((draft.flow.steps[-1].name, ANSWERED))
    return gone


def _seen(
    draft: Draft, flow: FlowProgram, there: frozenset[str], before: str
) -> Iterator[tuple[str, str]]:
    """Give the ways of a flow and of those that it called; `before` is the path of the call."""
    tables = {path_of(name) for name in draft.walk.tables}
    for own, node in flow.index.items():
        path = before + own
        holds = path in there if node.step.asks else _holds(draft, node, path)
        if node.when is not None:
            yield path, ASKED if holds else NOT_ASKED
        given = isinstance(node.step, RepeatStep) and bool(node.step.over) and path in tables
        if (not node.step.asks and holds) or given:
            yield path, ANSWERED
        if isinstance(node.step, CallStep) and holds:
            called = draft.program.flows[node.step.flow]
            yield from _seen(draft, called, there, f"{path}.")


def _holds(draft: Draft, node: Node, path: str) -> bool:
    """Tell whether a step that asks nothing itself was come to, in any row."""
    scopes = [
        env
        for prefix, env in draft.walk.scopes.items()
        if path_of(f"{prefix}{node.step.name}") == path
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
