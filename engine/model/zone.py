"""The plant's time zone, which knows when the plant's production day begins: whatever moment comes
from its clock can tell its production day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class PlantZone(ZoneInfo):
    """A time zone of project.yaml with the beginning of the production day. Made by
    `plant_zone`."""

    day_begins: time


def plant_zone(name: str, day_begins: time) -> PlantZone:
    """Return the zone of a plant whose production day begins at a time of its own clock."""
    zone = PlantZone.no_cache(name)
    zone.day_begins = day_begins
    return zone


def production_day(moment: datetime, day_begins: time) -> date:
    """Return the production day of a moment: that of the calendar from its beginning on, before it
    the one before.

    >>> production_day(datetime(2026, 11, 24, 6, 59), time(7))
    datetime.date(2026, 11, 23)
    """
    day = moment.date()
    return day if moment.time() >= day_begins else day - timedelta(days=1)
