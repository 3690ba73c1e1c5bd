"""F602: a state that no transition reaches."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LIFE
from engine.check.f601_unknown_state import unknown_states
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.sketch import LifecycleSketch
from engine.run.machine import BEFORE_BIRTH


def find(subject: Subject) -> Iterator[Finding]:
    """Walk every lifecycle from birth, unless a part of it is broken: that may be the way."""
    for life in subject.project.lives.values():
        if life.whole and not any(unknown_states(life)):
            yield from _of(life)


def _of(life: LifecycleSketch) -> Iterator[Finding]:
    reached, before = {BEFORE_BIRTH}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {form.to for _, _, form in life.transitions if reached & set(form.sources)}
    for state in life.states:
        if state not in reached:
            message, remedy = (
                say("в состояние «{state}» ничто не ведёт", state=state),
                "добавьте переход или уберите его",
            )
            yield Finding(life.tree.key(("states", state)), "F602", message, remedy)


RULE = Rule(
    "F602",
    "состояние недостижимо",
    find,
    (
        Example(
            LIFE,
            "  done: {title: Закрыта, final: true}\n",
            "  done: {title: Закрыта, final: true}\n  lost: {title: Потеряна, final: true}\n",
            "  done: {title: Закрыта навсегда, final: true}\n",
            "lost",
            "переход",
        ),
    ),
    "В недостижимое состояние не попадёт ни одна запись: его задачи не появятся никогда.",
)
