"""The time in the plant's zone."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


class DjangoClock:
    """The wall clock, in the zone of the settings."""

    def now(self) -> datetime:
        """Return the present moment in plant time."""
        return timezone.localtime()
