"""F609: a transition that the record cannot do where it is fired."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, LOAD
from engine.check.fires import Fire, fires_of, leaving, lives_of
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.sketch import LifecycleSketch
from engine.schema.lifecycle import SAME


def find(subject: Subject) -> Iterator[Finding]:
    """Follow the transitions of one record within a block, and those that timers fire."""
    fires = tuple(fires_of(subject))
    blocks: dict[tuple[str, str], list[Fire]] = {}
    for one in fires:
        if one.flow and one.key == "fire":
            blocks.setdefault((one.flow, one.block), []).append(one)
    for block in blocks.values():
        yield from _in_turn(subject, block)
    for one in fires:
        if one.lifecycle and one.path[:1] == ("states",):
            yield from _of_timer(subject, one)


def _in_turn(subject: Subject, block: list[Fire]) -> Iterator[Finding]:
    """Give the transitions that what was surely fired before makes impossible."""
    reached: dict[str, tuple[Fire, LifecycleSketch, set[str]]] = {}
    for one in block:
        life = _life(subject, one)
        before = reached.get(one.on)
        if before is not None and life is not None and before[1] is life:
            states = before[2]
            if states and not any(one.transition in leaving(life, state) for state in states):
                yield _finding(one, life, states)
        if life is not None and not one.conditional:
            forms = [form for name, _, form in life.transitions if name == one.transition]
            to = {form.to for form in forms if form.to != SAME}
            if to:
                reached[one.on] = (one, life, to)


def _of_timer(subject: Subject, one: Fire) -> Iterator[Finding]:
    life, state = subject.project.lives[one.lifecycle], str(one.path[1])
    own = one.on.strip() == life.record and _life(subject, one) is life
    if own and one.transition not in leaving(life, state):
        yield _finding(one, life, {state})


def _life(subject: Subject, one: Fire) -> LifecycleSketch | None:
    for life in lives_of(subject.project, one.kind):
        if life.whole and any(name == one.transition for name, _, _ in life.transitions):
            return life
    return None


def _finding(one: Fire, life: LifecycleSketch, states: set[str]) -> Finding:
    ways = [name for state in sorted(states) for name in leaving(life, state)]
    message = say(
        "переход «{name}» здесь невозможен: запись в состоянии «{state}»",
        name=one.transition,
        state=", ".join(sorted(states)),
    )
    place = one.tree.place((*one.path, one.key))
    return Finding(place, "F609", message, hint(one.transition, ways, "из него ведут"))


RULE = Rule(
    "F609",
    "переход отсюда невозможен",
    find,
    (
        Example(
            FLOW,
            "  - fire: accept\n    on: taken\n",
            "  - fire: accept\n    on: taken\n  - {fire: accept, on: taken}\n",
            "  - fire: accept\n    on: taken\n  - {fire: close, on: taken}\n",
            "accept, on: taken}",
            "close",
        ),
        Example(
            LOAD,
            '{name: late, after: 2h, do: [{notify: foreman, text: "Погрузка {number} ждёт"}]}',
            "{name: late, after: 2h, do: [{fire: ship, on: load}]}",
            "{name: late, after: 2h, do: [{fire: finish, on: load}]}",
            "ship",
            "finish",
        ),
    ),
    "Сохранение формы отказало бы в самом конце, а таймер не сделал бы ничего.",
)
