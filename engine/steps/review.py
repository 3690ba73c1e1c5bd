"""The last step: every answer on its own line, a way to edit each, and saving."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, model_validator

from engine.steps.base import Step


class ReviewStep(Step):
    """Show all answers before saving. `- review: {save: Сохранить}`; its name is always
    `review`."""

    kind: ClassVar[str] = "review"
    expects: ClassVar[str] = "кнопка «Сохранить» или правка ответа"

    save: str = Field(default="Сохранить", description="Title of the button that saves.")

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("name"), dict):
            return {**data, **data["name"], "name": "review"}
        return data
