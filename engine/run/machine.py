"""The only door to the `transitions` library: one shared machine per lifecycle, asked and never
driven.

The machine is the one table of states that `move`, the graph and the admin read."""

from __future__ import annotations

from dataclasses import dataclass

from transitions import Machine

from engine.schema.lifecycle import Lifecycle, Transition

BEFORE_BIRTH = "new"  # state of a record whose lifecycle has not begun


@dataclass(frozen=True)
class LifecycleMachine:
    """A lifecycle with its machine. Stateless: the state is always given."""

    lifecycle: Lifecycle
    machine: Machine

    def leaving(self, state: str) -> tuple[str, ...]:
        """Return the names of the transitions that leave a state."""
        return tuple(self.machine.get_triggers(state))

    def transition(self, name: str, state: str) -> tuple[Transition, ...]:
        """Return the forms of a transition that leave a state; several exclude each other by
        `when`."""
        if name not in self.leaving(state):
            return ()
        return tuple(form for form in self.lifecycle.forms(name) if state in form.sources)

    def title(self, state: str) -> str:
        """Return the title of a state for people."""
        return self.lifecycle.states[state].title if state in self.lifecycle.states else "Новая"


def build_machine(lifecycle: Lifecycle) -> LifecycleMachine:
    """Build the machine of a lifecycle; its states are those of YAML and the state before birth."""
    rows = [
        {"trigger": name, "source": source, "dest": form.to}
        for name in lifecycle.transitions
        for form in lifecycle.forms(name)
        for source in form.sources
    ]
    machine = Machine(
        model=None,
        states=[BEFORE_BIRTH, *lifecycle.states],
        transitions=rows,
        initial=BEFORE_BIRTH,
        auto_transitions=False,
        send_event=True,
    )
    return LifecycleMachine(lifecycle, machine)
