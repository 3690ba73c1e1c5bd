"""A form filled in thought: answers chosen by chance, walked by the real core, without a chat.

Start at `Imagination.fill`. It finds which answers, parameters and facts make which conditions
hold, so that a play can be led there."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from random import Random
from uuid import UUID

from engine.expressions.parse import parse
from engine.model.address import is_key
from engine.model.conversation import Actor, Answer, Session
from engine.model.nothing import JobState
from engine.model.values import Value
from engine.run.asking import Asking
from engine.run.draft import Draft
from engine.run.nodes import names_of
from engine.run.program import FlowProgram
from engine.run.rows import Rows, add_buttons
from engine.run.walk import Stop
from engine.steps.call import CallStep
from engine.steps.repeat import RepeatStep
from engine.steps.wait import WaitStep, ended
from engine.talk.explore.answers import answers
from engine.talk.explore.conditions import Condition, conditions_of, looked_at, made_by
from engine.talk.explore.goals import (
    AT_ONCE,
    FIX,
    KEPT,
    Goal,
    Sort,
    check_name,
    one_of,
    pair_of,
    paired,
    wait_ends,
)
from engine.talk.explore.world import DONE, DONE_ENDS, FAILED, NEVER, Answers, Setting, World

MOST_STOPS, GIVEN = 400, 8  # questions of a form, values of a parameter
SKIPPED = 0.15  # share of questions that are skipped where they may be
PLAIN = 0.5  # share of questions answered in the plainest way
IDENTITY = UUID("00000000-0000-4000-8000-00000000e0e0")
JOB = "imagined:"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form filled in thought: the setting, the answer at each place (a row by its place among
    the rows, not by its key), what it goes through; `whole`: it came to the end."""

    setting: Setting
    answers: Mapping[str, Value]
    goals: frozenset[Goal]
    whole: bool
    session: Session

    @property
    def oddness(self) -> int:
        """How much of the setting is not plain: odd records are seldom where a flow wants them."""
        given = sum(number != 0 for number in self.setting.given.values())
        return 2 * given + len(self.setting.facts)


class ImaginedJobs:
    """Jobs that have ended as the setting says; only their results count here."""

    def __init__(self, world: World, setting: Setting) -> None:
        self._world, self._setting = world, setting

    def state(self, job: str) -> JobState | None:
        """Return how a job ended."""
        name = job.removeprefix(JOB)
        how = self._setting.jobs.get(name, DONE)
        if how == FAILED:
            return JobState("failed", None, self._world.now)
        row = self._world.job_result(name, how)
        return JobState("done" if row else "running", row, self._world.now)


class Imagination:
    """Fills one flow in thought, again and again."""

    def __init__(self, world: World, random: Random, *, pairs: bool) -> None:
        self._world, self._random, self._pairs = world, random, pairs
        self.hints = dict(hints_of(world.flows))

    def setting(self, plain: float = PLAIN) -> Setting:
        """Choose parameters, facts and jobs by chance, a share of them `plain`."""
        world, random = self._world, self._random
        given = {name: self._number(GIVEN, plain) for name in world.flow.given}
        facts = {name: self._number(world.variants(name), plain) for name in world.facts}
        jobs = {name: random.choice((DONE, *DONE_ENDS, FAILED, NEVER)) for name in world.jobs}
        return Setting(given, {name: number for name, number in facts.items() if number}, jobs)

    def _number(self, count: int, plain: float) -> int:
        return 0 if self._random.random() < plain else self._random.randrange(count)

    def fill(
        self,
        setting: Setting,
        fixed: Mapping[str, Value] | None = None,
        skips: float = SKIPPED,
    ) -> Filled:
        """Fill the form; `fixed` are answers that are not left to chance, `skips` the share of
        questions that are skipped where they may be."""
        filling = _Filling(self._world, self._random, setting, self.hints, fixed or {}, skips)
        whole = filling.run()
        draft = filling.draft
        saved = draft.fields if whole else None
        met = outcomes(draft, self._world.flows, pairs=self._pairs, saved=saved)
        goals = filling.goals.union(met, _by_itself(draft), skipped(draft) if whole else ())
        return Filled(setting, filling.chosen, frozenset(goals), whole, filling.session)


def skipped(draft: Draft) -> Iterator[Goal]:
    """Give the questions of a form come to its end that were skipped."""
    for stop in draft.walk.stops:
        answer = draft.session.answers.get(stop.address)
        if answer is not None and answer.value is None and stop.node.step.skip:
            yield Goal(Sort.SKIP, stop.flow.name, stop.node.path, KEPT)


def _by_itself(draft: Draft) -> Iterator[Goal]:
    """Give what a form goes through without an answer: what is known, waits that are over."""
    for stop in draft.walk.stops:
        if stop.known is not None:
            yield Goal(Sort.WAY, stop.flow.name, stop.node.path, "known")
        if stop.ended:
            how = AT_ONCE if getattr(stop.node.step, "until", None) else stop.ended
            yield Goal(Sort.WAIT, stop.flow.name, stop.node.path, how)


class _Filling:
    """One form on its way to be filled."""

    def __init__(
        self,
        world: World,
        random: Random,
        setting: Setting,
        hints: Mapping[str, tuple[Decimal, ...]],
        fixed: Mapping[str, Value],
        skips: float,
    ) -> None:
        self.skips = skips
        self.world, self.random, self.setting = world, random, setting
        self.hints, self.fixed = hints, fixed
        plant = world.plant(setting)
        facts = plant.ports.reads.facts
        assert isinstance(facts, Answers)
        self.facts = facts
        self.reads = replace(plant.ports.reads, jobs=ImaginedJobs(world, setting))
        actor = Actor("1", "", frozenset(world.program.project.roles))
        self.session = Session(
            IDENTITY, world.flow.name, world.program.digest, actor, given=world.given(setting)
        )
        self.asking = Asking(world.program.vocabulary, self.reads)
        self.chosen: dict[str, Value] = {}
        self.goals: set[Goal] = set()

    @property
    def draft(self) -> Draft:
        """The form as far as it is filled."""
        return Draft(self.world.program, self.session, self.reads, self.asking)

    def run(self) -> bool:
        """Fill question after question; tell whether the end was come to."""
        for _ in range(MOST_STOPS):
            draft = self.draft
            stop = next((one for one in draft.walk.stops if self._is_open(draft, one)), None)
            if stop is None:
                return True
            value = self._choose(draft, stop)
            if value is None:
                return False
            self.chosen[placed(draft, stop.address)] = value[0]
            kept = {**self.session.answers, stop.address: value[1]}
            self.session = replace(self.session, answers=kept, step=stop.address)
            self._closed(stop)
        return False

    def _closed(self, stop: Stop) -> None:
        """Note the check of a group that these answers break."""
        draft = self.draft
        here = draft.stop(stop.address)
        for closing in draft.closings(stop.address) if here is not None else ():
            for at, check in enumerate(closing.node.step.check):
                if not draft.holds(closing, check.that):
                    goal = Goal(Sort.REFUSAL, closing.flow.name, closing.node.path, check_name(at))
                    self.goals.add(goal)

    def _is_open(self, draft: Draft, stop: Stop) -> bool:
        known = stop.known is not None and draft.settled(stop)
        settled = known or stop.address in self.session.answers
        return not settled and stop.kind != "review" and not stop.ended

    def _choose(self, draft: Draft, stop: Stop) -> tuple[Value, Answer] | None:
        """Return an answer of a stop: as it is kept by the play, and as the session keeps it."""
        step, random = stop.node.step, self.random
        fixed = self.fixed.get(placed(draft, stop.address))
        if stop.outside is not None:
            value, bounds = stop.outside
            self.goals.add(Goal(Sort.DECISION, stop.flow.name, stop.node.path, FIX))
            return value, Answer(value, bounds, approved=True)
        if isinstance(step, WaitStep):
            by_worker = ("left", "timeout", "finished" if step.until else "")
            ends = [one for one in wait_ends(step) if one in by_worker]
            how = random.choice(ends) if fixed is None and ends else str(fixed)
            if how == "finished" and not self._comes_true(step, draft, stop):
                return None
            self.goals.add(Goal(Sort.WAIT, stop.flow.name, stop.node.path, how))
            return how, Answer(ended(how), approved=True)
        if isinstance(step, RepeatStep):
            rows = self._rows(draft, stop, step, fixed)
            return rows.value, Answer(rows.value, approved=True)
        if draft.skips(stop) and fixed is None and random.random() < self.skips:
            return "", Answer(None, approved=True)
        good = [one.value for one in answers(stop, draft, self.hints)]
        if fixed in good:
            good = [fixed]
        if not good:
            return ("", Answer(None, approved=True)) if draft.skips(stop) else None
        fitting = [one for one in good if draft.broken(stop, one) is None] or good
        chosen = fitting[0] if random.random() < PLAIN else random.choice(fitting)
        job = f"{JOB}{step.starts.job}" if step.starts else ""
        limit = draft.bounds(stop)
        return chosen, Answer(chosen, limit, approved=True, confirmed=True, job=job)

    def _comes_true(self, step: WaitStep, draft: Draft, stop: Stop) -> bool:
        """Turn the facts of a wait so that it ends; the facts stay so."""
        assert step.until is not None
        turned = turn(self.facts, self.world, step.until, draft, stop, wanted=True)
        self.asking = Asking(self.world.program.vocabulary, self.reads)
        return turned

    def _rows(self, draft: Draft, stop: Stop, step: RepeatStep, fixed: Value) -> Rows:
        buttons = add_buttons(step, lambda text: draft.holds(stop, text)) or [0]
        least, most = step.rows
        count = self.random.choice(
            [n for n in (1, 1, 2, 3, least) if least <= n <= most] or [least]
        )
        if isinstance(fixed, int):
            count = fixed
        keys = [str(number) for number in range(1, count + 1)]
        return Rows(count, {key: self.random.choice(buttons) for key in keys})


def turn(
    facts: Answers, world: World, text: str, draft: Draft, stop: Stop, *, wanted: bool,
    more: Mapping[str, Value] | None = None,
) -> bool:  # fmt: skip
    """Turn one fact of an expression so that it comes to `wanted`; tell whether it does now. What
    was turned in vain is turned back."""
    code = stop.flow.codes[text]
    env = {**stop.env, **(more or {})}
    names = [name for name in world.facts if f"{name}(" in text]
    for name, number in [
        ("", 0),
        *((one, at) for one in names for at in range(world.variants(one))),
    ]:
        before = facts.dials.get(name)
        if name:
            facts.dials[name] = number
        asking = Asking(world.program.vocabulary, draft.reads)
        if asking.holds(code, env) is wanted:
            return True
        if name and before is None:
            del facts.dials[name]
        elif name and before is not None:
            facts.dials[name] = before
    return False


def placed(draft: Draft, address: str) -> str:
    """Return an address with each row's place among the rows instead of its key."""
    parts, found = address.split("."), list[str]()
    for at, part in enumerate(parts):
        if is_key(part):
            rows = draft.walk.tables.get(".".join(parts[:at]), ())
            keys = [row.id for row in rows]
            found.append(str(keys.index(part) + 1) if part in keys else part)
        else:
            found.append(part)
    return ".".join(found)


def outcomes(
    draft: Draft,
    flows: Iterable[FlowProgram],
    *,
    pairs: bool,
    saved: Mapping[str, Value] | None = None,
) -> Iterable[Goal]:
    """Return what the conditions came to in a form that is filled, alone and in pairs; with the
    fields of a saved one, those of its actions too, but for what operations make and has not been
    made."""
    by_name = {one.name: one for one in flows}
    for prefix, name in _flows_of(draft, by_name):
        flow = by_name[name]
        truths = list(looked_at(draft, flow, prefix))
        if not prefix and saved is not None:
            truths += [
                (one, draft.asking.holds(one.code, saved))
                for one in conditions_of(flow)
                if one.block and one.reads & made_by(flow) <= saved.keys()
            ]
        yield from (one_of(name, one, holds=holds) for one, holds in truths)
        known: dict[Condition, set[bool]] = {}
        for one, holds in truths:
            known.setdefault(one, set()).add(holds)
        for one, other in paired(conditions_of(flow)) if pairs else ():
            for first, second in product(known.get(one, ()), known.get(other, ())):
                yield pair_of(name, one, other, first, second)


def _flows_of(draft: Draft, flows: Mapping[str, FlowProgram]) -> list[tuple[str, str]]:
    """Return the flows that a draft is made of: where each stands, and its name."""
    found, todo = list[tuple[str, str]](), [("", draft.flow.name)]
    while todo:
        prefix, name = todo.pop()
        found.append((prefix, name))
        for node in flows[name].index.values():
            if isinstance(node.step, CallStep) and "*" not in node.path:
                below = f"{prefix}{node.path}."
                if below in draft.walk.scopes:
                    todo.append((below, node.step.flow))
    return found


def hints_of(flows: Iterable[FlowProgram]) -> Iterable[tuple[str, tuple[Decimal, ...]]]:
    """Give, by the name of a field, the numbers that conditions compare it with, and their
    neighbours."""
    found: dict[str, dict[Decimal, None]] = {}
    for flow in flows:
        for text in flow.codes:
            node = parse(text)
            numbers = [
                Decimal(str(part.value))
                for part in ast.walk(node.tree)
                if isinstance(part, ast.Constant)
                and isinstance(part.value, int | float)
                and not isinstance(part.value, bool)
            ]
            for name in names_of(text):
                for number in numbers:
                    near = (number, number + 1, number - 1)
                    found.setdefault(name, {}).update(dict.fromkeys(near))
    return [(name, tuple(numbers)) for name, numbers in found.items()]
