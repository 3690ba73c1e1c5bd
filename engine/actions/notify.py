"""Tell holders of roles, a crew, the actor, or a person that a record names."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import ACTOR, Action, ActionButton, Planned, Planning, crew_of, receivers
from engine.expressions.written import Template
from engine.model.effects import Notice
from engine.model.values import Row


class NotifyAction(Action):
    """Tell people. `- notify: [storekeeper, lab]` with `text:`; one notice a person however many
    of the roles he holds.

    A receiver is a role, `crew(mixer)`, `actor`, or an expression that is a person:
    `batch.created_by`."""

    kind: ClassVar[str] = "notify"

    notify: str | tuple[str, ...] = Field(
        description="Roles, crew(…), actor, or fields that are a person."
    )
    text: Template = Field(description="The text.")
    buttons: tuple[ActionButton, ...] = Field(
        default=(), description="Buttons: each opens a flow or does a transition."
    )

    @property
    def receivers(self) -> tuple[str, ...]:
        """Who is told, as written."""
        return receivers(self.notify)

    @property
    def roles(self) -> tuple[str, ...]:
        """Those of the receivers that are roles."""
        return tuple(one for one in self.receivers if _is_role(one))

    @property
    def people(self) -> tuple[str, ...]:
        """Those of the receivers that are expressions of a person."""
        return tuple(one for one in self.receivers if "." in one)

    def expressions(self) -> tuple[str, ...]:
        """Return people, and what the buttons need."""
        return (*self.people, *(text for one in self.buttons for text in one.expressions()))

    def templates(self) -> tuple[str, ...]:
        """Return the text and the titles of the buttons."""
        return (self.text, *(one.title for one in self.buttons))

    def plan(self, planning: Planning) -> Planned:
        """Render the text and find the receivers."""
        crews = [name for one in self.receivers if (name := crew_of(one))]
        roles = (*self.roles, *(role for name in crews for role in planning.crew(name)))
        people = [planning.evaluate(text) for text in self.people]
        found = [one.id for one in people if isinstance(one, Row)]
        if ACTOR in self.receivers:
            found.append(planning.actor.id)
        return Notice(
            key=planning.key,
            text=planning.render(self.text),
            roles=tuple(dict.fromkeys(roles)),
            people=tuple(dict.fromkeys(found)),
            buttons=tuple(one.plan(planning) for one in self.buttons),
        )


def _is_role(word: str) -> bool:
    return word != ACTOR and "." not in word and crew_of(word) is None
