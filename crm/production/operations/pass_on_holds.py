"""What becomes of the holds of a blank that is taken off: its raw meat takes them along."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from crm.ledger.operations.lock import lock_lots
from crm.own_words import MEAT_IS_HELD, NEVER_WEIGHED
from crm.people.models import Person
from crm.production.models import Blank
from crm.production.operations.write_off_blank import times_weighed
from crm.quality.models import Hold
from crm.quality.operations.place_hold import hold_all
from crm.quality.operations.release_hold import release_hold
from engine.errors import Refusal, Refused
from engine.languages.message import Message

LONGEST = 500  # characters of a reason


@transaction.atomic
def pass_on_holds(by: Person | None, *, at: datetime, blank: Blank, reason: str) -> None:
    """Hold every raw batch of a blank that was ever weighed as the blank is held, and release the
    blank: nothing is left of it (domain 4.14, 5.12). Of one that was never weighed the holds just
    end: no meat was in it.

    Raises Refused while a second person is asked to release one: what he answers would be lost."""
    batches = sorted(blank.items.values_list("batch__lot_id", flat=True))
    lock_lots([blank.lot_id, *batches])
    weighed = times_weighed(blank) > 0
    form = MEAT_IS_HELD if weighed else NEVER_WEIGHED
    why = form.with_values({"reason": reason})[:LONGEST]
    for hold in open_holds(blank):
        if hold.asked_by is not None:
            text = Message(
                "Снятие блокировки с заготовки {number} ждёт второго человека: пусть он ответит"
            )
            raise Refused(Refusal(text, {"number": str(blank)}))
        if weighed:
            hold_all(by, ids=batches, kind=hold.kind, reason=hold.reason, at=at, case=hold.case)
        release_hold(by, hold=hold, reason=why, at=at, decided=True)


def open_holds(blank: Blank) -> QuerySet[Hold]:
    """Return the open holds of a blank itself, the oldest first."""
    return Hold.objects.filter(lot=blank.lot_id, released_at__isnull=True).order_by("pk")
