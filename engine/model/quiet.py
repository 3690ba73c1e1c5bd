"""Quiet hours: when somebody is not told of what can wait (domain 9.1.4)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

USUAL = (time(22), time(7))


def end_of_quiet(at: datetime, since: time | None, until: time | None) -> datetime:
    """Return when somebody may be told: at once, or, at `at` within his quiet hours, when they end.
    `at` is in the plant's zone; without both times he has no quiet hours.

    >>> night = datetime(2026, 11, 22, 23, 30)
    >>> end_of_quiet(night, *USUAL), end_of_quiet(night, None, None) == night
    (datetime.datetime(2026, 11, 23, 7, 0), True)
    >>> end_of_quiet(datetime(2026, 11, 23, 6, 45), *USUAL)
    datetime.datetime(2026, 11, 23, 7, 0)
    >>> end_of_quiet(datetime(2026, 11, 23, 7, 0), *USUAL)
    datetime.datetime(2026, 11, 23, 7, 0)
    >>> end_of_quiet(datetime(2026, 11, 23, 13, 5), time(13), time(14))
    datetime.datetime(2026, 11, 23, 14, 0)
    """
    if since is None or until is None or since == until:
        return at
    now = at.time()
    quiet = since <= now < until if since < until else now >= since or now < until
    if not quiet:
        return at
    end = at.replace(hour=until.hour, minute=until.minute, second=until.second, microsecond=0)
    return end if end > at else end + timedelta(days=1)
