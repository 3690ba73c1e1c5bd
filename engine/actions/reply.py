"""Answer the person who saved."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import Action, ActionButton, Planned, Planning, Reply
from engine.expressions.written import Template


class ReplyAction(Action):
    """Answer the actor. `- reply: "Партия {batch.number} зарегистрирована"`."""

    kind: ClassVar[str] = "reply"

    reply: Template = Field(description="The text.")
    buttons: tuple[ActionButton, ...] = Field(
        default=(), description="Buttons: each opens a flow or does a transition."
    )

    def expressions(self) -> tuple[str, ...]:
        """Return what the buttons need."""
        return tuple(text for one in self.buttons for text in one.expressions())

    def templates(self) -> tuple[str, ...]:
        """Return the text and the titles of the buttons."""
        return (self.reply, *(one.title for one in self.buttons))

    def plan(self, planning: Planning) -> Planned:
        """Render the text."""
        buttons = tuple(one.plan(planning) for one in self.buttons)
        return Reply(planning.render(self.reply), buttons)
