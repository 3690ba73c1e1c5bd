"""Looking for answers that make conditions hold, or not, where chance did not find them. Start at
`seek`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from random import Random

from engine.model.conversation import Answer, Session
from engine.model.values import Value
from engine.run.draft import Draft
from engine.run.nodes import names_of
from engine.run.program import FlowProgram
from engine.steps.call import CallStep
from engine.talk.explore.answers import Good, answers
from engine.talk.explore.conditions import Condition, conditions_of
from engine.talk.explore.goals import Goal, Sort, check_name, check_of, one_of, pair_of, paired
from engine.talk.explore.imagine import GIVEN, Filled, Imagination, ImaginedJobs
from engine.talk.explore.world import Answers, Setting, World

TRIES, BASES, MOST_VALUES, MOST_FOUND = 400, 3, 10, 5
CHANGED = (0.2, 0.5, 1.0)  # share of answers that are changed in a try
TURNED = 0.2  # of it, of facts


Wanted = tuple[tuple[Condition, bool], ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a goal, the conditions and the outcomes that make it, in the flow that
    stands at `prefix`: "" or "docs."."""

    goal: Goal
    wanted: Wanted
    prefix: str
    known: frozenset[str]  # addresses and parameters that the conditions come from


def sought_of(world: World, goal: Goal) -> Sought | None:
    """Return how to look for a goal; None for one that is of no condition, or within rows."""
    flow = next(one for one in world.flows if one.name == goal.flow)
    wanted = _outcomes_of(flow, goal)
    prefix = next((at for at, name in prefixes(world) if name == goal.flow), None)
    if not wanted or prefix is None:
        return None
    reads = ((prefix, flow, name) for one, _ in wanted for name in one.reads)
    return Sought(goal, wanted, prefix, closure(world, reads))


def prefixes(world: World) -> Iterator[tuple[str, str]]:
    """Give where each flow stands in the one that is explored, without those called in rows."""
    by_name = {one.name: one for one in world.flows}
    todo = [("", world.flow.name)]
    while todo:
        prefix, name = todo.pop(0)
        yield prefix, name
        todo += [
            (f"{prefix}{node.path}.", node.step.flow)
            for node in by_name[name].index.values()
            if isinstance(node.step, CallStep) and "*" not in node.path
        ]


def _outcomes_of(flow: FlowProgram, goal: Goal) -> Wanted:
    """Return the conditions of a flow, with their outcomes, that a goal is about: one of a branch,
    two of a pair, the check of a group."""
    conditions = [one for one in conditions_of(flow) if not one.scope]
    node = flow.index.get(goal.path)
    if goal.sort is Sort.REFUSAL and node is not None and node.step.kind == "group":
        for at, check in enumerate(node.step.check):
            if check_name(at) == goal.what:
                return ((check_of(node, at, check.that), False),)
    if goal.sort is Sort.BRANCH:
        for one, holds in product(conditions, (True, False)):
            if one_of(flow.name, one, holds=holds) == goal:
                return ((one, holds),)
    if goal.sort is Sort.PAIR:
        for one, other in paired(tuple(conditions)):
            for first, second in product((True, False), (True, False)):
                if pair_of(flow.name, one, other, first, second) == goal:
                    return ((one, first), (other, second))
    return ()


def seek(
    world: World, imagination: Imagination, base: Filled, sought: Sought, random: Random
) -> Filled | None:
    """Change the answers that conditions of the flow read, parameters and facts, until they come
    to what is wanted; return the form filled so, None when it was not found."""
    settings = [base.setting, *_given_otherwise(world, base, sought.known)]
    for setting in settings:
        for found, chosen in _answered(world, imagination, (base, setting), sought, random):
            filled = imagination.fill(found, {**base.answers, **chosen})
            if sought.goal in filled.goals and filled.whole:
                return filled
    return None


def _given_otherwise(world: World, base: Filled, known: frozenset[str]) -> Iterator[Setting]:
    """Give the setting with other values of the parameters that are read."""
    for name in sorted(known & world.flow.given.keys()):
        for number in range(GIVEN):
            if number != base.setting.given.get(name, 0):
                yield replace(base.setting, given={**base.setting.given, name: number})


def _answered(
    world: World,
    imagination: Imagination,
    start: tuple[Filled, Setting],
    sought: Sought,
    random: Random,
) -> Iterator[tuple[Setting, dict[str, Value]]]:
    """Give answers and facts with which the conditions come to what is wanted, a few at most; the
    first try changes nothing."""
    base, setting = start
    plant = world.plant(setting)
    facts = plant.ports.reads.facts
    assert isinstance(facts, Answers)
    reads = replace(plant.ports.reads, jobs=ImaginedJobs(world, setting))
    session = replace(base.session, given=world.given(setting))
    draft = Draft(world.program, session, reads)
    goods: dict[str, list[Good]] = {
        stop.address: answers(stop, draft, imagination.hints)[:MOST_VALUES]
        for stop in draft.walk.stops
        if stop.address in sought.known and stop.address in session.answers
    }
    found, share = 0, 0.0
    for _ in range(TRIES if goods or world.facts else 1):
        chosen = {
            name: random.choice(some).value
            for name, some in goods.items()
            if some and random.random() < share
        }
        dials = {
            name: random.randrange(world.variants(name))
            for name in world.facts
            if random.random() < share * TURNED
        }
        share = random.choice(CHANGED)
        facts.dials = {**setting.facts, **dials}
        tried = Draft(world.program, _with(session, chosen), reads)
        env = tried.walk.scopes.get(sought.prefix)
        if env is not None and all(
            tried.asking.holds(one.code, env) is holds for one, holds in sought.wanted
        ):
            found += 1
            yield replace(setting, facts=dict(facts.dials)), chosen
            if found == MOST_FOUND:
                return


def _with(session: Session, chosen: Mapping[str, Value]) -> Session:
    changed = {
        name: replace(session.answers[name], value=value) if name in session.answers
        else Answer(value, approved=True)
        for name, value in chosen.items()
    }  # fmt: skip
    return replace(session, answers={**session.answers, **changed})


Read = tuple[str, FlowProgram, str]  # the prefix of a flow, the flow, a name in it


def closure(world: World, reads: Iterable[Read]) -> frozenset[str]:
    """Return the addresses and parameters that names come from, through what computes them, what
    they are asked under, and what a called flow is given."""
    by_name = {one.name: one for one in world.flows}
    found: set[str] = set()
    todo = list(reads)
    while todo:
        prefix, flow, name = todo.pop()
        node = flow.index.get(name)
        if f"{prefix}{name}" in found or not (node or name in flow.given):
            continue
        found.add(f"{prefix}{name}")
        todo += [(prefix, flow, one) for one in (node.depends if node else ())]
        if name in flow.given and prefix:
            above, _, called = prefix[:-1].rpartition(".")
            caller = by_name[dict(prefixes(world))[f"{above}." if above else ""]]
            step = caller.index[called].step
            text = step.with_.get(name) if isinstance(step, CallStep) else None
            names = names_of(text) if text else ()
            todo += [(f"{above}." if above else "", caller, one) for one in names]
    return frozenset(found)
