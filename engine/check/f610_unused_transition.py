"""F610: a transition that nobody can fire: it has no button and nothing names it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD
from engine.check.fires import fires_of, is_partly_read
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.sketch import LifecycleSketch
from engine.schema.lifecycle import SYSTEM

REMEDY = "дайте ему «title:», и он станет кнопкой, или уберите его"


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the transitions with what fires them. One with a title is a button of the office;
    one of the system alone may be done by an operation."""
    project = subject.project
    if project.broken or is_partly_read(project):
        return
    fired = {one.transition for one in fires_of(subject)}
    known = {name for life in project.lives.values() for name, _, _ in life.transitions}
    if fired - known:  # a slip in a name is a finding of its own, and may be what fires it
        return
    for life in project.lives.values():
        named = fired | _of_tasks(life)
        for name, path, form in life.transitions:
            if not form.title and name not in named and SYSTEM not in form.by.roles:
                message = say("переход «{name}» никто не делает", name=name)
                place = life.tree.key(("transitions", name))
                yield Finding(place if len(path) == 2 else life.tree.place(path), "F610", message,
                              REMEDY)  # fmt: skip


def _of_tasks(life: LifecycleSketch) -> set[str]:
    tasks = [task for state in life.states.values() for task in state.tasks]
    return {name for task in tasks for name in (*task.buttons, task.claim, task.release)}


RULE = Rule(
    "F610",
    "переход не используется",
    find,
    (
        Example(
            LOAD,
            "  plan: {title: Создать, from: new, to: queued, by: foreman}\n",
            "  plan: {from: new, to: queued, by: foreman}\n",
            "  plan: {title: Завести, from: new, to: queued, by: foreman}\n",
            "plan",
            "title",
        ),
    ),
    "Записи остались бы там, откуда этот переход ведёт.",
)
