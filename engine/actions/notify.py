"""Tell every holder of some roles."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import Action, Planned, Planning
from engine.expressions.written import Template
from engine.model.effects import Notice


class NotifyAction(Action):
    """Tell roles. `- notify: [storekeeper, lab]` with `text:`; one notice a person however many
    of the roles he holds."""

    kind: ClassVar[str] = "notify"

    notify: str | tuple[str, ...] = Field(description="Role or roles.")
    text: Template = Field(description="The text.")

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles that are told."""
        return (self.notify,) if isinstance(self.notify, str) else self.notify

    def templates(self) -> tuple[str, ...]:
        """Return the text."""
        return (self.text,)

    def plan(self, planning: Planning) -> Planned:
        """Render the text."""
        return Notice(key=planning.key, text=planning.render(self.text), roles=self.roles)
