"""F607: a task that nobody can do: no transition of it leaves its state."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD
from engine.check.fires import Fire, fires_of, leaving
from engine.check.roles import position
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.sketch import LifecycleSketch
from engine.load.tree import Path
from engine.schema.lifecycle import TaskForm


def find(subject: Subject) -> Iterator[Finding]:
    """Look at the tasks of every state."""
    fires = tuple(fires_of(subject))
    for life in subject.project.lives.values():
        if not life.whole:
            continue
        for state, form in life.states.items():
            tasks = life.tree.at(("states", state, "tasks"))
            for task in form.tasks:
                at = position(tasks, "kind", task.kind)
                path: Path = ("states", state, "tasks", at)
                yield from _of(fires, life, state, path, task)


def _of(
    fires: tuple[Fire, ...],
    life: LifecycleSketch,
    state: str,
    path: Path,
    task: TaskForm,
) -> Iterator[Finding]:
    ways = leaving(life, state)
    for at, name in enumerate(task.buttons):
        if name not in ways:
            yield _cannot(life, (*path, "buttons", at), name, state, list(ways))
    if task.claim and task.claim not in ways:
        yield _cannot(life, (*path, "claim"), task.claim, state, list(ways))
    held = {to for name, reached in ways.items() if name == task.claim for to in reached}
    back = {name for one in held for name in leaving(life, one)}
    if task.release and task.release not in back:
        yield _cannot(life, (*path, "release"), task.release, ", ".join(sorted(held)), list(back))
    if task.flow:
        fired = {one.transition for one in fires if one.flow == task.flow}
        mine = {name for name, _, _ in life.transitions}
        if fired & mine and not fired & {*ways, *back}:
            message = say(
                "форма «{flow}» не делает ни одного перехода из «{state}»",
                flow=task.flow,
                state=state,
            )
            remedy = say("из него ведут: {ways}", ways=", ".join(ways))
            yield Finding(life.tree.place((*path, "flow")), "F607", message, remedy)


def _cannot(life: LifecycleSketch, path: Path, name: str, state: str, ways: list[str]) -> Finding:
    message = say("переход «{name}» не ведёт из «{state}»", name=name, state=state)
    return Finding(life.tree.place(path), "F607", message, hint(name, ways, "переходы"))


RULE = Rule(
    "F607",
    "задачу нельзя сделать",
    find,
    (
        Example(
            LOAD,
            "buttons: [finish, give_up]",
            "buttons: [finish, ship]",
            "buttons: [give_up, finish]",
            "ship",
            "finish",
        ),
    ),
    "Задача висела бы у людей, а нажать на ней было бы нечего.",
)
