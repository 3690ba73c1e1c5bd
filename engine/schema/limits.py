"""Limits: named bounds with a unit and a source; outside is a deviation, never a silent pass."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from engine.expressions.written import Expression, Title, Written


class LimitLine(Written):
    """Bounds that hold when the condition does; the first such line counts."""

    when: Expression | None = Field(
        default=None, description="Condition over the parameters; absent: always."
    )
    min: Decimal | None = Field(default=None, description="Least permitted value, inclusive.")
    max: Decimal | None = Field(default=None, description="Greatest permitted value, inclusive.")


class Limit(Written):
    """One limit. The values here are the first ones; those in force are rows of the office."""

    title: Title = Field(default="", description="Name for people.")
    given: dict[str, str] = Field(default={}, description="Parameter to type.")
    unit: str = Field(default="", description="A unit of project.yaml.")
    source: Title = Field(
        min_length=3, description="Where the numbers come from: a plan, a standard."
    )
    values: tuple[LimitLine, ...] = Field(min_length=1, description="Lines in order.")
