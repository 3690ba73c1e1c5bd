"""F601: a transition from or to a state that the lifecycle does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LIFE
from engine.check.roles import listed
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.sketch import LifecycleSketch
from engine.run.machine import BEFORE_BIRTH
from engine.schema.lifecycle import SAME


def find(subject: Subject) -> Iterator[Finding]:
    """Look up the states of every transition."""
    for life in subject.project.lives.values():
        yield from unknown_states(life)


def unknown_states(life: LifecycleSketch) -> Iterator[Finding]:
    """Give the states of a lifecycle's transitions that it does not have."""
    declared = life.tree.at(("states",))
    states = list(declared) if isinstance(declared, dict) else []
    for _, path, form in life.transitions:
        for tree, where, source in listed(life.tree, (*path, "from"), form.sources):
            if source not in (BEFORE_BIRTH, *states):
                place, message = tree.place(where), say("нет состояния «{source}»", source=source)
                yield Finding(
                    place, "F601", message, hint(source, [*states, BEFORE_BIRTH], "состояния")
                )
        if form.to not in (SAME, *states):
            place, message = life.tree.place((*path, "to")), say("нет состояния «{to}»", to=form.to)
            yield Finding(place, "F601", message, hint(form.to, states, "состояния"))


RULE = Rule(
    "F601",
    "нет такого состояния",
    find,
    (
        Example(LIFE, "to: received", "to: recieved", "to:  received", "recieved", "received"),
        Example(LIFE, "from: received", "from: receved", "from:  received", "receved", "received"),
    ),
    "Переход в состояние, которого нет, остановил бы запись.",
)
