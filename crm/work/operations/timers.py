"""Timers of states: planned, rung."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crm.work.models import Timer


def plan_alarm(
    *, due_at: datetime, kind: str, subject: str, subject_id: str, state_entry: str
) -> None:
    """Keep a timer; the same one of the same entry of a state rings next at its new time."""
    Timer.objects.bulk_create(
        [
            Timer(
                due_at=due_at,
                kind=kind,
                subject=subject,
                subject_id=subject_id,
                state_entry=state_entry,
            )
        ],
        update_conflicts=True,
        unique_fields=["subject", "subject_id", "state_entry", "kind"],
        update_fields=["due_at", "fired_at"],
    )


def keep_alarm(
    *, due_at: datetime, kind: str, subject: str, subject_id: str, state_entry: str
) -> None:
    """Keep a timer unless the same one of the same entry is there, rung or not."""
    Timer.objects.get_or_create(
        subject=subject,
        subject_id=subject_id,
        state_entry=state_entry,
        kind=kind,
        defaults={"due_at": due_at},
    )


def rung(timers: Iterable[Timer], at: datetime) -> None:
    """Count timers as rung."""
    due = [timer.pk for timer in timers]
    if due:
        Timer.objects.filter(pk__in=due).update(fired_at=at)
