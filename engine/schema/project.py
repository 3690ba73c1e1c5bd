"""The plant: zone, production day, languages, units, roles, escalation."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from engine.expressions.written import Written

TimeOfDay = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="A time of day: 07:00.")
]


class PlantForm(Written):
    """The plant itself."""

    name: str = Field(min_length=1, description="Name on documents.")
    zone: str = Field(description="Time zone of the plant, as in the IANA database.")
    production_day: TimeOfDay = Field(description="When a production day begins.")
    shifts: dict[str, TimeOfDay] = Field(default={}, description="Shift to its beginning.")


class Unit(Written):
    """A unit of measure."""

    decimals: int = Field(ge=0, le=6, description="Digits after the comma.")
    range: tuple[Decimal, Decimal] | None = Field(
        default=None, description="What a sensor can show; outside is refused."
    )


class Escalation(Written):
    """Who is told when a decision is late: `same` or a list of roles."""

    warn: str | tuple[str, ...] = Field(default="same", description="At `warn`.")
    breach: str | tuple[str, ...] = Field(default="same", description="At `breach`.")
    twice: str | tuple[str, ...] = Field(default="same", description="At twice the breach.")


class ProjectFile(Written):
    """`project.yaml`."""

    plant: PlantForm = Field(description="The plant itself.")
    languages: dict[str, str] = Field(
        min_length=1, description="Language code to its name; the first is the source."
    )
    units: dict[str, Unit] = Field(default={}, description="Units of measure.")
    roles: dict[str, str] = Field(min_length=1, description="Role to its title.")
    escalation: Escalation = Field(
        default=Escalation(), description="Who is told when a decision is late."
    )
