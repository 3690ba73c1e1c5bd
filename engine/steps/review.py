"""The last step: every answer on its own line, a way to edit each, and saving."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, model_validator

from engine.expressions.written import Template, Title
from engine.languages.message import Message
from engine.steps.base import Step


class ReviewStep(Step):
    """Show all answers before saving. `- review: {save: Сохранить}`; its name is always
    `review`."""

    kind: ClassVar[str] = "review"
    expects: ClassVar[str] = Message("кнопка «Сохранить» или правка ответа")

    save: Title = Field(
        default=Message("Сохранить"), max_length=40, description="Title of the button that saves."
    )
    again: Title = Field(
        default="", max_length=40, description="Button that begins the form anew; none when empty."
    )
    text: Template = Field(default="", description="A text over the answers.")

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("name"), dict):
            return {**data, **data["name"], "name": "review"}
        return data

    def templates(self) -> tuple[str, ...]:
        """Return the text over the answers."""
        return (self.text,) if self.text else ()
