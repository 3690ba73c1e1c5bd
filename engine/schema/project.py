"""The plant: zone, production day, languages, units, roles, escalation, crews, resources."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from engine.expressions.written import Expression, Title, Written

TimeOfDay = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="A time of day: 07:00.")
]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TimeOfWeek = Annotated[
    str,
    Field(
        pattern=rf"^({'|'.join(WEEKDAYS)}) ([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="A day of the week and a time of day: mon 07:00.",
    ),
]


class PlantForm(Written):
    """The plant itself."""

    name: str = Field(min_length=1, description="Name on documents.")
    zone: str = Field(description="Time zone of the plant, as in the IANA database.")
    production_day: TimeOfDay = Field(description="When a production day begins.")
    shifts: dict[str, TimeOfDay] = Field(default={}, description="Shift to its beginning.")

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, LookupError) as error:  # no such name, or that of a folder
            raise ValueError("такого часового пояса нет; пример: Europe/Moscow") from error
        return zone


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
    last: str | tuple[str, ...] = Field(
        default="same",
        description="Of a task that nobody may do, where nobody is to be told at `breach` either.",
    )


class CrewLine(Written):
    """Who a crew is when the condition holds; the first line that does counts."""

    when: Expression | None = Field(
        default=None,
        description="A condition over the record, which stands under the name of its kind; "
        "absent: always.",
    )
    role: str = Field(description="The role.")


class Resource(Written):
    """Something with places: a press, a freezer, the defroster. A record holds a place in it while
    it is in a state that `occupies:` it.

    `press_line_1: {title: Пресс линии 1, capacity: 1}`, or with a place for each row of a
    catalogue: `plate_freezers: {title: Плиточник, places: plate_freezers}`."""

    title: Title = Field(min_length=1, description="Name for people: «ждёт: пресс линии 1 занят».")
    capacity: int = Field(
        default=1, ge=1, le=10_000, description="How many records at once; in each place, if any."
    )
    places: str = Field(default="", description="A catalogue whose every row is a place.")


class ProjectFile(Written):
    """`project.yaml`."""

    plant: PlantForm = Field(description="The plant itself.")
    languages: dict[str, str] = Field(
        min_length=1, description="Language code to its name; the first is the source."
    )
    units: dict[str, Unit] = Field(default={}, description="Units of measure.")
    roles: dict[str, Title] = Field(min_length=1, description="Role to its title.")
    duties: dict[str, tuple[str, ...]] = Field(
        default={},
        description="What the program itself asks somebody for, to the roles that do it.",
    )
    escalation: Escalation = Field(
        default=Escalation(), description="Who is told when a decision is late."
    )
    crews: dict[str, tuple[CrewLine, ...]] = Field(
        default={}, description="Crew to its lines: whose work it is depends on the record."
    )
    resources: dict[str, Resource] = Field(default={}, description="What can be occupied, by name.")
