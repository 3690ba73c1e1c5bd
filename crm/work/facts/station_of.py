"""Where the work of a task stands (domain 4.38)."""

from __future__ import annotations

from crm.fact import Fact, Line
from crm.production.stops import station, station_held_by
from crm.work.models import Task


def station_of(task: Task | None) -> Line | None:
    """Return the station of what the task is about; None without a task, and for work that stands
    at no station."""
    held = station_held_by(task.subject, task.subject_id) if task else ""
    return station(held) if held else None


FACT = Fact(params=("task?",), result="station?", answer=station_of)
