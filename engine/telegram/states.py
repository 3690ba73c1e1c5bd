"""The Program's flows as aiogram's groups of states: one StatesGroup a flow, one State a step,
named «flow:step»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiogram.fsm.state import State, StatesGroup, StatesGroupMeta


class Named(Protocol):
    """A step, as far as its name."""

    @property
    def name(self) -> str:
        """The name of its field."""
        ...


class Stepped(Protocol):
    """A flow, as far as its title and the places where a session may stand."""

    @property
    def title(self) -> str:
        """Its title for people."""
        ...

    @property
    def places(self) -> Sequence[Named]:
        """The paths of its questions in order."""
        ...


Flows = Mapping[str, Stepped]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chat stands: the state, and the flow and the step that it names."""

    state: State
    flow: str
    title: str
    step: str

    def __str__(self) -> str:
        return f"{self.state.state} («{self.title}»)"


def groups(flows: Flows) -> Mapping[str, type[StatesGroup]]:
    """Make a StatesGroup for every flow, by the flow's name."""
    return {
        name: StatesGroupMeta(name, (StatesGroup,), {step.name: State() for step in flow.places})
        for name, flow in flows.items()
    }


def places(flows: Flows) -> Mapping[str, Place]:
    """Return every place by its state «flow:step»: the router's one dictionary, whatever the number
    of flows."""
    found = {}
    for name, group in groups(flows).items():
        for state, step in zip(group.__states__, flows[name].places, strict=True):
            found[state_name(name, step.name)] = Place(state, name, flows[name].title, step.name)
    return found


def state_name(flow: str, step: str) -> str:
    """Name the state of a step as aiogram does.

    >>> state_name("raw_intake", "body_temp")
    'raw_intake:body_temp'
    """
    return f"{flow}:{step}"
