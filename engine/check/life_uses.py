"""The expressions and texts of lifecycles and crews. Start at `uses_of_lives`.

A condition that cannot be evaluated fails by rule, so in conditions a field that may be unset is
taken as given: only names, types and units are checked there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.check.action_uses import of_actions
from engine.check.roles import of_lifecycle, position
from engine.check.scope import Names, base_names, texts
from engine.check.step_uses import with_given
from engine.check.use import Use
from engine.errors import say
from engine.expressions.known import PERSON, type_of
from engine.expressions.types import ListOf, Moment, Optional, Record, Truth, Type, bare
from engine.load.project import Project
from engine.load.sketch import LifecycleSketch
from engine.load.tree import Path
from engine.run.dispatch import queue_key
from engine.schema.lifecycle import StateForm, TaskForm, TimerForm, Transition


def uses_of_lives(project: Project) -> Iterator[Use]:
    """Give every expression and text of the lifecycles, and the conditions of the crews."""
    for life in project.lives.values():
        yield from _Life(project, life).uses()
    names = _loose(base_names(project), tuple(project.vocabulary.records))
    for crew, lines in project.project.crews.items():
        for at, line in enumerate(lines):
            if line.when is not None:
                path = ("crews", crew, at, "when")
                yield Use(project.tree("project"), path, line.when, names, Truth())


def names_of(project: Project, life: LifecycleSketch, *, loose: bool) -> Names:
    """Return what may be named in a lifecycle: its record by kind, its fields by their names;
    `loose` takes fields that may be unset as given."""
    names = base_names(project)
    fields = project.vocabulary.records.get(life.record)
    if fields is None:
        return names.without_type(life.record)
    names = names.plus({name: type_of(kind) for name, kind in fields.items()})
    names = names.plus({life.record: Record(life.record)})
    return _loose(names, ()) if loose else names


def _loose(names: Names, kinds: tuple[str, ...]) -> Names:
    """Return names whose fields count as given, and records of some kinds by their names."""
    scope = names.scope
    fields = {name: bare(kind) for name, kind in scope.fields.items()}
    records = {
        kind: {name: bare(one) for name, one in own.items()} for kind, own in scope.records.items()
    }
    fields |= {kind: Record(kind) for kind in kinds}
    return replace(names, scope=replace(scope, fields=fields, records=records))


class _Life:
    def __init__(self, project: Project, life: LifecycleSketch) -> None:
        self.project, self.life, self.tree = project, life, life.tree
        self.loose = names_of(project, life, loose=True)
        self.strict = names_of(project, life, loose=False)
        self.fields = project.vocabulary.records.get(life.record, {})

    def uses(self) -> Iterator[Use]:
        """Give them in the order of the file."""
        for name, state in self.life.states.items():
            yield from self._state(("states", name), state)
        for _, path, form in self.life.transitions:
            yield from self._transition(path, form)
        for _, where, word in of_lifecycle(self.life):
            if "." in word:  # the way from the record to a person
                wanted = Optional(Record(PERSON))
                yield Use(self.tree, where, word, self.loose, wanted, what="тому, кто назван")

    def _condition(self, path: Path, text: str | None) -> Iterator[Use]:
        if text is not None:
            yield Use(self.tree, path, text, self.loose, Truth())

    def _state(self, path: Path, state: StateForm) -> Iterator[Use]:
        for at, text in enumerate(state.occupies):
            yield Use(self.tree, (*path, "occupies", at), text, self.loose, holes=True)
        tasks = self.tree.at((*path, "tasks"))
        for task in state.tasks:
            yield from self._task((*path, "tasks", position(tasks, "kind", task.kind)), task)
        timers = self.tree.at((*path, "timers"))
        for timer in state.timers:
            yield from self._timer((*path, "timers", position(timers, "name", timer.name)), timer)

    def _task(self, path: Path, task: TaskForm) -> Iterator[Use]:
        yield from self._condition((*path, "when"), task.when)
        yield from self._condition((*path, "while"), task.while_)
        for key in ("title", "text"):
            if getattr(task, key):
                yield Use(self.tree, (*path, key), getattr(task, key), self.loose, holes=True)
        where = (*path, "with")
        yield from with_given(self.project, self.tree, where, task.flow, task.with_, self.loose)

    def _timer(self, path: Path, timer: TimerForm) -> Iterator[Use]:
        if timer.at is not None:
            yield Use(self.tree, (*path, "at"), timer.at, self.loose, Moment())
        yield from self._condition((*path, "when"), timer.when)
        yield from self._do(path, ())

    def _do(
        self, path: Path, words: tuple[str, ...], given: dict[str, Type] | None = None
    ) -> Iterator[Use]:
        names = self.strict.plus({**texts(words), **(given or {}), "actor": Record(PERSON)})
        yield from of_actions(self.project, self.tree, self.life.blocks.get(path, ()), names)

    def _transition(self, path: Path, form: Transition) -> Iterator[Use]:
        yield from self._condition((*path, "when"), form.when)
        for at, guard in enumerate(form.require):
            yield from self._condition((*path, "require", at, "that"), guard.that)
            where: Path = (*path, "require", at, "say")
            yield Use(self.tree, where, guard.say, self.loose, holes=True)
        if form.sign is not None:
            yield from self._condition((*path, "sign", "when"), form.sign.when)
        given = {name: kind for name, text in form.given.items() if (kind := _type(text))}
        yield from self._sets(path, form, given)
        for at, key in enumerate(form.queue):
            yield Use(self.tree, (*path, "queue", at), queue_key(key)[0], self.loose)
        yield from self._do(path, ("reason",), given)

    def _sets(self, path: Path, form: Transition, given: dict[str, Type]) -> Iterator[Use]:
        names = self.strict.plus({**texts(("reason",)), **given, "actor": Record(PERSON)})
        for name, text in form.set.items():
            if name not in self.fields:
                continue  # a finding of its own
            wanted = type_of(self.fields[name])
            what = say("полю «{name}»", name=name)
            yield Use(self.tree, (*path, "set", name), text, names, wanted, what=what)
        for name, text in form.choose.items():
            kind = type_of(self.fields[name]) if name in self.fields else None
            what = say("выбору поля «{name}»", name=name)
            listed: Type | None = Optional(ListOf(bare(kind))) if kind else None
            yield Use(self.tree, (*path, "choose", name), text, self.loose, listed, what=what)


def _type(notation: str) -> Type | None:
    try:
        return type_of(notation)
    except ValueError:
        return None
