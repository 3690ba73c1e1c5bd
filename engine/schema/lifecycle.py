"""The life of a record kind: states and the changes permitted between them."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, field_validator

from engine.actions.base import Action
from engine.expressions.written import Expression, Written


class StateForm(Written):
    """Where a record stands."""

    title: str = Field(min_length=1, description="Title for people.")
    owner: str = Field(
        default="", description="Role that must do something next; not for a final state."
    )
    final: bool = Field(default=False, description="Nothing follows.")


class Guard(Written):
    """A condition of a transition, with what is said when it does not hold."""

    that: Expression = Field(description="Must hold.")
    say: str = Field(min_length=1, description="Why not, for people.")


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Transition(Written):
    """One permitted change. `from: new` is the birth of the record."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    title: str = Field(default="", description="Title of the button.")
    sources: tuple[str, ...] = Field(
        alias="from", min_length=1, description="State or states left."
    )
    to: str = Field(description="State reached.")
    by: tuple[str, ...] = Field(min_length=1, description="Role or roles that may, or `system`.")
    when: Expression | None = Field(
        default=None, description="Which of several forms of the same name applies."
    )
    require: tuple[Guard, ...] = Field(default=(), description="Conditions.")
    reason: bool = Field(default=False, description="A reason must be given.")
    do: tuple[Action, ...] = Field(
        default=(), description="What happens with it, in the same transaction."
    )

    _from = field_validator("sources", mode="before")(_several)
    _by = field_validator("by", mode="before")(_several)


class Lifecycle(Written):
    """`lifecycles/<record>.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    lifecycle: str = Field(description="Name.")
    record: str = Field(description="Kind of the record.")
    title: str = Field(min_length=1, description="Name of the record for people.")
    states: dict[str, StateForm] = Field(min_length=1, description="States by name.")
    transitions: dict[str, tuple[Transition, ...]] = Field(
        min_length=1, description="Transitions by name."
    )

    def forms(self, name: str) -> tuple[Transition, ...]:
        """Return the forms of a transition; they exclude each other by `when`."""
        return self.transitions.get(name, ())

    def title_of(self, name: str) -> str:
        """Return the title of a transition for people."""
        return next((form.title for form in self.forms(name) if form.title), name)
