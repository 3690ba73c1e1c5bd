"""Looking for answers that make conditions hold, or not, where chance did not find them. Start at
`seek`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from random import Random

from engine.model.conversation import Answer, Session
from engine.model.values import Value
from engine.run.draft import Draft
from engine.run.program import FlowProgram
from engine.talk.explore.answers import Good, answers
from engine.talk.explore.conditions import Condition, conditions_of
from engine.talk.explore.goals import Goal, Sort, one_of, pair_of, paired
from engine.talk.explore.imagine import GIVEN, Filled, Imagination, ImaginedJobs
from engine.talk.explore.world import Answers, Setting, World

TRIES, BASES, MOST_VALUES, MOST_FOUND = 400, 3, 10, 5
CHANGED = (0.2, 0.5, 1.0)  # share of answers that are changed in a try
TURNED = 0.2  # of it, of facts


Wanted = tuple[tuple[Condition, bool], ...]


def outcomes_of(flow: FlowProgram, goal: Goal) -> Wanted:
    """Return the conditions of a flow, with their outcomes, that a goal is about: one of a branch,
    two of a pair; none for any other goal, and none within rows."""
    conditions = [one for one in conditions_of(flow) if not one.scope]
    if goal.sort is Sort.BRANCH:
        for one, holds in product(conditions, (True, False)):
            if one_of(flow.name, one, holds=holds) == goal:
                return ((one, holds),)
    if goal.sort is Sort.PAIR:
        for (one, other), first, second in product(paired(tuple(conditions)), *[(True, False)] * 2):
            if pair_of(flow.name, one, other, first, second) == goal:
                return ((one, first), (other, second))
    return ()


def seek(
    world: World,
    imagination: Imagination,
    base: Filled,
    goal: Goal,
    wanted: Wanted,
    random: Random,
) -> Filled | None:
    """Change the answers that conditions of the flow read, parameters and facts, until they come
    to what is wanted; return the form filled so, None when it was not found."""
    known = frozenset[str]().union(*(closure(world.flow, one) for one, _ in wanted))
    settings = [base.setting, *_given_otherwise(world, base, known)]
    for setting in settings:
        for answered in _answered(world, imagination, (base, setting), wanted, known, random):
            found, chosen = answered
            filled = imagination.fill(found, {**base.answers, **chosen})
            if goal in filled.goals and filled.whole:
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
    wanted: Wanted,
    known: frozenset[str],
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
        if stop.address in known and stop.address in session.answers
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
        if all(tried.asking.holds(one.code, tried.fields) is holds for one, holds in wanted):
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


def closure(flow: FlowProgram, condition: Condition) -> frozenset[str]:
    """Return the names of the fields and parameters that a condition comes from, through what
    computes them and what they are asked under."""
    found: set[str] = set()
    todo = set(condition.reads)
    while todo:
        name = todo.pop()
        node = flow.index.get(name)
        if name in flow.given:
            found.add(name)
        if node is None or name in found:
            continue
        found.add(name)
        todo |= node.depends
    return frozenset(found)
