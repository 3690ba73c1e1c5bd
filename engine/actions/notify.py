"""Tell holders of roles, a crew, the actor, or a person that a record names."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import ACTOR, Action, ActionButton, Planned, Planning, crew_of, receivers
from engine.expressions.written import Expression, Template
from engine.model.effects import Notice
from engine.model.files import FileRef
from engine.model.values import Row, Value


class NotifyAction(Action):
    """Tell people. `- notify: [storekeeper, lab]` with `text:`; one notice a person however many
    of the roles he holds.

    A receiver is a role, `crew(mixer)`, `actor`, or an expression that is a person:
    `batch.created_by`."""

    kind: ClassVar[str] = "notify"
    keyed: ClassVar[bool] = True

    notify: str | tuple[str, ...] = Field(
        description="Roles, crew(…), actor, or fields that are a person."
    )
    text: Template = Field(description="The text.")
    show: Expression | None = Field(default=None, description="Photos that come with it.")
    buttons: tuple[ActionButton, ...] = Field(
        default=(), description="Buttons: each opens a flow or does a transition."
    )
    can_wait: bool = Field(
        default=False, description="Whoever has quiet hours then is told when they end."
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
        """Return people, photos, and what the buttons need."""
        shown = (self.show,) if self.show else ()
        buttons = (text for one in self.buttons for text in one.expressions())
        return (*self.people, *shown, *buttons)

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
            pictures=_pictures(planning.evaluate(self.show) if self.show else None),
            can_wait=self.can_wait,
        )


def _pictures(shown: Value) -> tuple[str, ...]:
    """Return the keys of photos; of none when they were not given."""
    files = shown if isinstance(shown, tuple | list) else ()
    return tuple(one.key for one in files if isinstance(one, FileRef))


def _is_role(word: str) -> bool:
    return word != ACTOR and "." not in word and crew_of(word) is None
