"""Answer the person who saved."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import Action, Planned, Planning, Reply
from engine.expressions.written import Template


class ReplyAction(Action):
    """Answer the actor. `- reply: "Партия {batch.number} зарегистрирована"`."""

    kind: ClassVar[str] = "reply"

    reply: Template = Field(description="The text.")

    def templates(self) -> tuple[str, ...]:
        """Return the text."""
        return (self.reply,)

    def plan(self, planning: Planning) -> Planned:
        """Render the text."""
        return Reply(planning.render(self.reply))
