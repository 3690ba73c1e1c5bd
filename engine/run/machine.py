"""The only door to the `transitions` library: one shared machine per lifecycle, asked and never
driven.

The machine is the one table of states that `move`, the graph and the admin read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from transitions import Machine

from engine.actions.base import Action
from engine.languages.message import Message
from engine.model.fields import over
from engine.model.values import Row, Value
from engine.run.texts import CompiledText, Texts
from engine.schema.lifecycle import SAME, Lifecycle, StateForm, Transition

BEFORE_BIRTH = "new"  # state of a record whose lifecycle has not begun


@dataclass(frozen=True, slots=True)
class Tried:
    """A transition that the dispatcher tries: with a queue or of what was touched alone, and the
    states in which records wait for it."""

    name: str
    queue: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class LifecycleMachine:
    """A lifecycle with its machine and its texts. Stateless: the state is always given."""

    lifecycle: Lifecycle
    machine: Machine
    texts: Mapping[str, CompiledText]

    def leaving(self, state: str) -> tuple[str, ...]:
        """Return the names of the transitions that leave a state."""
        return self._leaving.get(state, ())

    @cached_property
    def _leaving(self) -> Mapping[str, tuple[str, ...]]:
        """What leaves each state: the library looks for it at each asking."""
        return {state: tuple(self.machine.get_triggers(state)) for state in self.machine.states}

    def transition(self, name: str, state: str) -> tuple[Transition, ...]:
        """Return the forms of a transition that leave a state; several exclude each other by
        `when`."""
        if name not in self.leaving(state):
            return ()
        return tuple(form for form in self.lifecycle.forms(name) if state in form.sources)

    def system(self) -> Iterator[tuple[str, Transition]]:
        """Give the transitions that the dispatcher does, form by form."""
        for name, forms in self.lifecycle.transitions.items():
            yield from ((name, form) for form in forms if form.automatic)

    @cached_property
    def tried(self) -> tuple[Tried, ...]:
        """The transitions that the dispatcher does, by name: each look at the queues asks."""
        found: dict[str, list[Transition]] = {}
        for name, form in self.system():
            found.setdefault(name, []).append(form)
        return tuple(
            Tried(
                name,
                any(form.queue for form in forms),
                tuple(dict.fromkeys(source for form in forms for source in form.sources)),
            )
            for name, forms in found.items()
        )

    @cached_property
    def kept(self) -> Mapping[str, tuple[str, ...]]:
        """The states with tasks that stand only while a condition holds, and the kinds of these
        tasks: each look at the queues asks."""
        found = (
            (state, tuple(task.kind for task in form.tasks if task.while_))
            for state, form in self.lifecycle.states.items()
        )
        return {state: kinds for state, kinds in found if kinds}

    def title(self, state: str) -> str:
        """Return the title of a state for people."""
        form = self.state(state)
        return form.title if form else Message("Новая")

    def state(self, name: str) -> StateForm | None:
        """Return a state; None before birth."""
        return self.lifecycle.states.get(name)

    def standing(self, record: Row) -> str:
        """Return the state of a record in this lifecycle."""
        value = record.fields.get(self.lifecycle.field)
        return str(getattr(value, "code", None) or value or BEFORE_BIRTH)

    def env(self, record: Row) -> Mapping[str, Value]:
        """Return what the expressions of this lifecycle may name."""
        return over(record.fields, {self.lifecycle.record: record})


def build_machine(
    lifecycle: Lifecycle, decimals: Callable[[str], int | None] = lambda source: None
) -> LifecycleMachine:
    """Build the machine of a lifecycle; its states are those of YAML and the state before birth.

    `decimals` tells with how many digits a number in a text is shown."""
    rows = [
        {"trigger": name, "source": source, "dest": None if form.to == SAME else form.to}
        for name in lifecycle.transitions
        for form in lifecycle.forms(name)
        for source in form.sources
    ]
    machine = Machine(
        model=None,
        states=[*dict.fromkeys((BEFORE_BIRTH, *lifecycle.states))],
        transitions=rows,
        initial=BEFORE_BIRTH,
        auto_transitions=False,
        send_event=True,
    )
    texts = Texts(dict.fromkeys(_texts(lifecycle)), decimals)
    return LifecycleMachine(lifecycle, machine, texts)


def actions_of(lifecycle: Lifecycle) -> Iterator[Action]:
    """Give every action of a lifecycle: of its transitions and of the timers of its states."""
    for forms in lifecycle.transitions.values():
        for form in forms:
            yield from form.do
    for state in lifecycle.states.values():
        for timer in state.timers:
            yield from timer.do


def _texts(lifecycle: Lifecycle) -> Iterator[str]:
    for state in lifecycle.states.values():
        yield from state.occupies
        for task in state.tasks:
            yield from (task.title, task.text)
    for forms in lifecycle.transitions.values():
        for form in forms:
            yield from (guard.say for guard in form.require)
    for action in actions_of(lifecycle):
        yield from action.templates()
