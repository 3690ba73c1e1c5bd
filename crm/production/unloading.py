"""What is unloaded next (domain 4.31): open loads of both kinds by their due time, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from crm.production.day import said_time
from crm.production.facts.load_content import load_content
from crm.production.models import FreezerLoad
from engine.languages.message import Message

NEAREST = 5
OPEN = (FreezerLoad.State.FREEZING, FreezerLoad.State.DUE, FreezerLoad.State.OVERDUE)
MINUTE = timedelta(minutes=1)


def nearest(count: int = NEAREST) -> list[FreezerLoad]:
    """Return the open loads that are due first, plates and shockers together."""
    return list(_open()[:count])


def due_until(moment: datetime) -> list[FreezerLoad]:
    """Return all open loads that are due until a moment, those that are due first before others."""
    return list(_open().filter(due_at__lte=moment))


def _open() -> QuerySet[FreezerLoad]:
    rows = FreezerLoad.objects.filter(state__in=OPEN, due_at__isnull=False)
    return rows.select_related("freezer", "mix", "pallet__recipe").order_by("due_at", "pk")


def left_of(load: FreezerLoad, now: datetime) -> timedelta:
    """Return how long a load must still stand; negative when its time is over."""
    return (load.due_at or now) - now


def minutes_of(length: timedelta) -> int:
    """Return the begun minutes of a length; 0 of one that is over.

    >>> minutes_of(timedelta(minutes=36, seconds=1)), minutes_of(timedelta(minutes=-5))
    (37, 0)
    """
    return max(0, -(-length // MINUTE))


def clock_of(length: timedelta) -> str:
    """Write a length as ЧЧ:ММ (domain Q8), in begun minutes.

    >>> clock_of(timedelta(minutes=37)), clock_of(timedelta(hours=25, seconds=1))
    ('00:37', '25:01')
    """
    minutes = minutes_of(length)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def line_of(load: FreezerLoad, now: datetime) -> Message:
    """Say «Плиточник 3, замес …, в 14:20, осталось 00:37»; a load whose time is over in red."""
    left = left_of(load, now)
    values = {
        "freezer": load.freezer.said,
        "content": load_content(load),
        "time": said_time(load.due_at or now, now),
        "left": clock_of(abs(left)),
    }
    if left > timedelta(0):
        return Message("{freezer}, {content}, в {time}, осталось {left}", values)
    return Message("🔴 {freezer}, {content}, в {time}, просрочено {left}", values)
