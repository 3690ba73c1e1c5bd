"""The nightly check of the books: asked for by the plant's clock, done beside whoever sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from crm.audit.models import BookCheck
from crm.ledger.verify import Found
from crm.operation import Operation
from crm.people.models import Person

LONGEST = timedelta(hours=1)  # of a check: one that began earlier ended with its process


@transaction.atomic
def check_books(by: Person | None, *, at: datetime) -> None:
    """Ask for the check of this night, once however often; it looks at all that is written, so
    nobody waits for it."""
    del by
    BookCheck.objects.get_or_create(night=timezone.localdate(at), defaults={"asked_at": at})


def claim(now: datetime) -> BookCheck | None:
    """Take the last check that was asked for; None when it is done, is being done, or another
    process takes it at this moment. Those of nights before it are not made up for."""
    last = BookCheck.objects.order_by("-night").first()
    if last is None or last.ended_at or (last.begun_at and last.begun_at > now - LONGEST):
        return None
    as_seen = BookCheck.objects.filter(pk=last.pk, ended_at=None, begun_at=last.begun_at)
    return last if as_seen.update(begun_at=now) else None


def keep(check: BookCheck, found: Sequence[Found], at: datetime) -> None:
    """Write down what a check found."""
    check.wrong = sum(one.count for one in found)
    check.found = [[one.title, one.count, list(one.examples)] for one in found if one.count]
    check.ended_at = at
    check.save(update_fields=["wrong", "found", "ended_at"])


OPERATION = Operation({}, check_books)
