"""What a plant forgets by itself, in the night: marks of updates (domain 12.3), stays of the office
that are over, what was typed into forms that nobody saved, versions of the forms that nobody has
published. What waited too long for a second person is over. History, books and papers stay.

Start at `forget`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session as Stay
from django.db.models import Q, QuerySet

from crm.bridge.countersign import lapse
from crm.office.models import Asked
from crm.work.models import Proposal, Session, Update

MARKS = timedelta(hours=48)  # Telegram brings an update again for a day
DRAFTS = timedelta(days=30)  # of a form that was left: to see what went wrong
AT_ONCE = 5000  # rows of a statement: on SQLite nobody else writes meanwhile


def forget(now: datetime) -> dict[str, int]:
    """Let go of what is over; return how many rows by what they are."""
    left = Q(state__in=[Session.State.CANCELLED, Session.State.EXPIRED])
    typed = Session.objects.filter(left, ended_at__lt=now - DRAFTS).exclude(answers={}, body={})
    return {
        "marks of updates": _deleted(Update.objects.filter(at__lt=now - MARKS)),
        "stays in the office": _deleted(Stay.objects.filter(expire_date__lt=now)),
        "left forms": _emptied(typed),
        "forms that nobody published": _deleted(Proposal.objects.over(now)),
        "commands that nobody confirmed": sum(lapse(one, now) for one in Asked.objects.over(now)),
    }


def _deleted(rows: QuerySet[Any]) -> int:
    gone = 0
    while some := list(rows.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=some).delete()
        gone += len(some)
    return gone


def _emptied(rows: QuerySet[Session]) -> int:
    gone = 0
    while some := list(rows.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        Session.objects.filter(pk__in=some).update(answers={}, body={})
        gone += len(some)
    return gone
