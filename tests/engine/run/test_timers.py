"""When a timer of a state rings next."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine.actions.notify import NotifyAction
from engine.run.entry import following
from engine.schema.lifecycle import TimerForm

ZONE = ZoneInfo("Europe/Berlin")  # the clocks go back on Sunday 2026-10-25


def timer(**when: str) -> TimerForm:
    action = NotifyAction.model_validate({"notify": "lab", "text": "Пора"})
    return TimerForm.model_validate({"name": "due", "do": [action], **when})


def next_of(form: TimerForm, now: str) -> str | None:
    moment = following(form, datetime.fromisoformat(now).replace(tzinfo=ZONE))
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else None


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-22T11:30", "2026-11-23T07:00"),  # a Sunday
        ("2026-11-23T06:59", "2026-11-23T07:00"),
        ("2026-11-23T07:00", "2026-11-30T07:00"),
        ("2026-11-24T00:00", "2026-11-30T07:00"),
        ("2026-10-19T07:00", "2026-10-26T07:00"),
    ],
)
def test_a_weekly_timer_rings_on_its_day_at_its_time(now: str, then: str) -> None:
    assert next_of(timer(weekly="mon 07:00"), now) == then


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-22T06:44", "2026-11-22T06:45"),
        ("2026-11-22T06:45", "2026-11-23T06:45"),
        ("2026-10-24T06:45", "2026-10-25T06:45"),
    ],
)
def test_a_daily_timer_rings_at_its_time_also_when_the_clocks_change(now: str, then: str) -> None:
    assert next_of(timer(daily="06:45"), now) == then


def test_a_day_of_no_week_is_refused() -> None:
    with pytest.raises(ValueError, match="weekly"):
        timer(weekly="пн 07:00")


def test_a_timer_has_one_time() -> None:
    with pytest.raises(ValueError, match="ровно одно"):
        timer(weekly="mon 07:00", daily="07:00")
