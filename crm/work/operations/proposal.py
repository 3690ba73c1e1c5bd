"""Propose other forms, and note that they were published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from crm.people.models import Person
from crm.whole import whole
from crm.work.models import Proposal
from engine.errors import Refusal, Refused

SHORTEST, LONGEST = 5, 500  # characters of a reason


@whole
def propose(
    by: Person, *, at: datetime, reason: str, base: str, changed: bytes, removed: Sequence[str]
) -> Proposal:
    """Keep what would change. Raises Refused without a reason."""
    words = " ".join(reason.split())
    if not SHORTEST <= len(words) <= LONGEST:
        raise Refused(Refusal("Укажите причину: от 5 до 500 знаков"))
    return Proposal.objects.create(
        id=uuid4(), by=by, at=at, reason=words, base=base, changed=changed, removed=[*removed]
    )


@whole
def note_published(by: Person, *, proposal: Proposal, version: str, at: datetime) -> None:
    """Note which version a proposal became. Raises Refused when it was published already."""
    done = Proposal.objects.filter(pk=proposal.pk, version="").update(
        version=version, published_by=by, published_at=at
    )
    if not done:
        raise Refused(Refusal("Эта версия уже опубликована"))
