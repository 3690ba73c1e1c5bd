"""F902: a way to a state that does not pass where the quality department asks."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD, POLICIES
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.project import Project
from engine.load.sketch import LifecycleSketch
from engine.run.machine import BEFORE_BIRTH
from engine.schema.lifecycle import SAME
from engine.schema.policies import Policy


def find(subject: Subject) -> Iterator[Finding]:
    """Walk every lifecycle that a rule `before … always …` names, around the states asked for."""
    project = subject.project
    for at, policy in project.policies:
        if policy.before is None:
            continue
        life = project.lives.get(policy.before.lifecycle)
        unknown = _unknown(project, at, policy, life)
        if unknown is not None:
            yield unknown
        elif life is not None and life.whole:
            way = _around(life, policy.before.state, set(policy.always or ()))
            if way:
                message = say(
                    "правило отдела качества: в «{state}» можно попасть мимо «{always}»: {way}",
                    state=policy.before.state,
                    always=", ".join(policy.always or ()),
                    way=" → ".join(way),
                )
                place = life.tree.key(("states", policy.before.state))
                remedy = "проведите переходы через это состояние или измените policies.yaml"
                yield Finding(place, "F902", message, remedy)


def _unknown(
    project: Project, at: int, policy: Policy, life: LifecycleSketch | None
) -> Finding | None:
    assert policy.before is not None
    tree = project.tree("policies")
    if life is None:
        name = policy.before.lifecycle
        if ("lifecycle", name) in project.broken:
            return None
        message = say("нет жизненного цикла «{name}»", name=name)
        place = tree.place((at, "before", "lifecycle"))
        return Finding(place, "F902", message, hint(name, project.lives, "циклы"))
    if not life.whole:
        return None
    states = list(life.states)
    for path, state in (
        ((at, "before", "state"), policy.before.state),
        *(((at, "always"), one) for one in policy.always or ()),
    ):
        if state not in states:
            message = say("нет состояния «{source}»", source=state)
            return Finding(tree.place(path), "F902", message, hint(state, states, "состояния"))
    return None


def _around(life: LifecycleSketch, goal: str, passed: set[str]) -> tuple[str, ...]:
    """Return a way from birth to a state that passes none of those; empty when there is none."""
    ways: dict[str, tuple[str, ...]] = {BEFORE_BIRTH: (BEFORE_BIRTH,)}
    todo = [BEFORE_BIRTH]
    while todo:
        state = todo.pop(0)
        for _, _, form in life.transitions:
            to = form.to
            if state not in form.sources or to in ways or to in passed or to == SAME:
                continue
            ways[to] = (*ways[state], to)
            todo.append(to)
    return ways.get(goal, ())


RULE = Rule(
    "F902",
    "путь мимо обязательного состояния",
    find,
    (
        Example(
            LOAD,
            "    from: loaded\n",
            "    from: [loaded, loading]\n",
            "    from: [loaded]\n",
            "shipped",
            "переходы",
        ),
        Example(
            POLICIES,
            "state: shipped",
            "state: shiped",
            "state:  shipped",
            "shiped",
            "shipped",
        ),
        Example(
            POLICIES,
            "lifecycle: load,",
            "lifecycle: lod,",
            "lifecycle:  load,",
            "lod",
            "load",
        ),
    ),
    "Запись дошла бы до конца без проверки, которую отдел качества требует всегда.",
)
