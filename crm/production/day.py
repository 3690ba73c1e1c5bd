"""The production day: from `begins`, plant time, until the same of the next date (domain, first
page). The bridge says when it begins as the present forms do (`production_day` of project.yaml)."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from engine.model.zone import production_day as day_of

_BEGINS = [time(7)]


def use_day(begins: time) -> None:
    """Take over when a production day begins."""
    _BEGINS[0] = begins


def production_day(at: datetime) -> date:
    """Return the production day that a moment belongs to."""
    return day_of(timezone.localtime(at), _BEGINS[0])
