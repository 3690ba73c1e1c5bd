"""The production day: from `begins`, plant time, until the same of the next date (domain, first
page), and its shifts. The bridge says when they begin as the present forms do (`production_day` and
`shifts` of project.yaml)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from engine.model.zone import production_day as day_of

_BEGINS = [time(7)]
_SHIFTS = [time(7), time(19)]


def use_day(begins: time, shifts: Iterable[str] = ()) -> None:
    """Take over when a production day and its shifts («07:00») begin; without shifts it is one."""
    _BEGINS[0] = begins
    _SHIFTS[:] = sorted(time.fromisoformat(one) for one in shifts) or [begins]


def shift_began(at: datetime) -> datetime:
    """Return when the shift of a moment began."""
    here = timezone.localtime(at)
    days = (here.date() - timedelta(days=1), here.date())
    begins = [timezone.make_aware(datetime.combine(day, one)) for day in days for one in _SHIFTS]
    return max(one for one in begins if one <= here)


def span_of(at: datetime) -> tuple[datetime, datetime]:
    """Return when the production day of a moment begins, and when the next one does."""
    day = production_day(at)
    first, last = (datetime.combine(day + timedelta(days=days), _BEGINS[0]) for days in (0, 1))
    return timezone.make_aware(first), timezone.make_aware(last)


def production_day(at: datetime) -> date:
    """Return the production day that a moment belongs to."""
    return day_of(timezone.localtime(at), _BEGINS[0])


def said_time(moment: datetime, now: datetime) -> str:
    """Write when something of the plant happens: «ЧЧ:ММ», with the date when it is another day's.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> said_time(now - timedelta(hours=3), now), said_time(now - timedelta(days=1), now)
    ('12:00', '21.11 15:00')
    """
    there, here = timezone.localtime(moment), timezone.localtime(now)
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%d.%m %H:%M}"
