"""A right that one process has at a time: renewed, taken, let go; each one statement."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from crm.work.models import Lease


def renew(name: str, holder: str) -> bool:
    """Renew a right that a process has; False when it has it no more."""
    mine = Lease.objects.filter(pk=name, holder=holder)
    return bool(mine.update(beat=F("beat") + 1, renewed_at=timezone.now()))


def take(seen: Lease, holder: str) -> bool:
    """Take a right over from whoever had it at the beat that was seen; False when that was
    renewed or taken since."""
    as_seen = Lease.objects.filter(pk=seen.pk, holder=seen.holder, beat=seen.beat)
    return bool(as_seen.update(holder=holder, beat=F("beat") + 1, renewed_at=timezone.now()))


def standing(name: str) -> Lease:
    """Return how a right stands, its row made at the first call."""
    row, _ = Lease.objects.get_or_create(pk=name, defaults={"renewed_at": timezone.now()})
    return row


def let_go(name: str, holder: str) -> None:
    """Let others take a right at once, if the process still has it."""
    Lease.objects.filter(pk=name, holder=holder).update(holder="", beat=F("beat") + 1)
