"""What the second person says to a release that a first one asked for (domain 5, rule 8)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.operations.lock import lock_lots
from crm.ledger.operations.move_state import write_history
from crm.ledger.operations.take_out import checked_reason
from crm.operation import Operation
from crm.people.models import Person
from crm.quality.models import Hold
from crm.quality.operations.release_hold import STAYS, release_hold
from crm.quality.together import open_with
from engine.errors import Refusal, Refused


@transaction.atomic
def answer_release(
    by: Person, *, at: datetime, hold: Hold, confirm: bool, reason: str | None = None
) -> Hold:
    """Release what the first person asked for, or leave it held: nobody asks any more, and the
    history keeps who declined and why. Who confirms may give a reason of his own, which is then why
    it was released; the first one's stays in the history. Holds of one group that the same person
    asked for go together.

    Raises Refused when nobody asks any more, for the first person or who placed it, and for
    declining without a reason of 5 to 500 characters."""
    why = reason or "" if confirm else checked_reason(reason or "")
    asked = [one for one in open_with(hold) if one.asked_by_id == hold.asked_by_id]
    lock_lots([one.lot_id for one in asked])
    fresh = list(Hold.objects.select_for_update().filter(pk__in=[one.pk for one in asked]))
    waiting = [one for one in fresh if one.asked_by_id is not None and one.released_at is None]
    if not waiting:
        raise Refused(Refusal("Снять уже никто не просит"))
    for one in waiting:
        if confirm:
            release_hold(by, hold=one, reason=why or one.release_reason, at=at)
        else:
            one.asked_by, one.release_reason = None, ""
            one.save(update_fields=["asked_by", "release_reason"])
            write_history(one, *STAYS, "decline_release", by=by, at=at, reason=why)
    return Hold.objects.get(pk=hold.pk)


OPERATION = Operation(
    {"hold": "hold", "confirm": "bool", "reason": "text?"}, answer_release, "hold"
)
