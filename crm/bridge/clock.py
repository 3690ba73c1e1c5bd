"""The time in the plant's zone."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from engine.model.zone import PlantZone


class DjangoClock:
    """The wall clock, in the zone of a plant."""

    def __init__(self, zone: PlantZone) -> None:
        self._zone = zone

    def now(self) -> datetime:
        """Return the present moment in plant time."""
        return timezone.localtime(timezone=self._zone)
