"""Looking for answers that make a condition hold, or not, where chance did not find them. Start at
`seek`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from engine.model.conversation import Answer, Session
from engine.model.values import Value
from engine.run.draft import Draft
from engine.run.program import FlowProgram
from engine.talk.explore.answers import Good, answers
from engine.talk.explore.conditions import Condition, conditions_of
from engine.talk.explore.goals import Goal, one_of
from engine.talk.explore.imagine import Filled, Imagination
from engine.talk.explore.world import Answers, Setting, World

TRIES, BASES, MOST_VALUES = 1500, 3, 8


def seek(
    world: World, imagination: Imagination, base: Filled, goal: Goal, random: Random
) -> Filled | None:
    """Change the answers that a condition of the flow reads, and facts, until it comes to what the
    goal says; return the form filled so, None when it was not found."""
    flow = world.flow
    for condition in conditions_of(flow):
        for holds in (True, False):
            if one_of(flow.name, condition, holds=holds) == goal and not condition.scope:
                return _sought(world, imagination, base, goal, (condition, holds), random)
    return None


def _sought(
    world: World,
    imagination: Imagination,
    base: Filled,
    goal: Goal,
    wanted: tuple[Condition, bool],
    random: Random,
) -> Filled | None:
    condition, holds = wanted
    plant = world.plant(base.setting)
    facts = plant.ports.reads.facts
    assert isinstance(facts, Answers)
    draft = Draft(world.program, base.session, plant.ports.reads)
    reads = closure(world.flow, condition)
    goods: dict[str, list[Good]] = {
        stop.address: answers(stop, draft, imagination.hints)[:MOST_VALUES]
        for stop in draft.walk.stops
        if stop.address in reads and stop.address in base.session.answers
    }
    for _ in range(TRIES if goods or world.facts else 0):
        chosen = {name: random.choice(some).value for name, some in goods.items() if some}
        dials = {
            name: random.randrange(world.variants(name))
            for name in world.facts
            if random.random() < 0.2
        }
        facts.dials = {**base.setting.facts, **dials}
        tried = Draft(world.program, _with(base.session, chosen), plant.ports.reads)
        if tried.asking.holds(condition.code, tried.fields) is holds:
            setting = Setting(base.setting.given, dict(facts.dials), base.setting.jobs)
            filled = imagination.fill(setting, {**base.answers, **chosen})
            if goal in filled.goals and filled.whole:
                return filled
    return None


def _with(session: Session, chosen: Mapping[str, Value]) -> Session:
    changed = {
        name: replace(session.answers[name], value=value) if name in session.answers
        else Answer(value, approved=True)
        for name, value in chosen.items()
    }  # fmt: skip
    return replace(session, answers={**session.answers, **changed})


def closure(flow: FlowProgram, condition: Condition) -> frozenset[str]:
    """Return the names of the fields that a condition comes from, through what computes them and
    what they are asked under."""
    found: set[str] = set()
    todo = set(condition.reads)
    while todo:
        name = todo.pop()
        node = flow.index.get(name)
        if node is None or name in found:
            continue
        found.add(name)
        todo |= node.depends
    return frozenset(found)
