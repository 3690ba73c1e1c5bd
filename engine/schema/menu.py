"""The main menu."""

from __future__ import annotations

from pydantic import Field

from engine.expressions.written import Title, Written


class MenuEntry(Written):
    """One button of the main menu."""

    title: Title = Field(min_length=1, max_length=40, description="Title of the button.")
    flow: str = Field(description="The flow that it starts.")
    roles: tuple[str, ...] = Field(min_length=1, description="Who sees it.")
