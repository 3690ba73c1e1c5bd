"""Bring the books of a lot to what was counted (a stocktake)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from crm.ledger.models import Account, Event, Lot, Posting
from crm.ledger.operations.lock import lock_balances
from crm.ledger.operations.take_out import checked_reason, take_out
from crm.ledger.stock import account_of
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number

if TYPE_CHECKING:
    from crm.people.models import Person

ALONE_KG = Decimal(50)  # more than this needs a second person (domain 7.2)
ALONE_FOR = timedelta(days=1)  # what a lot was brought to within it counts together
KIND = "adjust"


@transaction.atomic
def adjust(
    by: Person | None,
    *,
    lot: Lot,
    counted: Decimal,
    reason: str,
    session: UUID,
    at: datetime,
    second: Person | None = None,
) -> Event | None:
    """Post the difference between what was `counted` on the lot's store and the books against
    `adjust`; None when they agree. `second` confirms a difference above 50 kg (`alone`).

    Raises Refused without a reason, without a second person where one is needed, and when less is
    left than is reserved."""
    reason = checked_reason(reason)
    if counted < 0:
        raise Refused(Refusal("Масса не может быть меньше нуля"))
    done = Event.objects.filter(source=KIND, key=f"{session}:{lot.pk}").first()
    if done:
        return done
    [balance] = lock_balances([(lot.pk, account_of(lot).value)]).values()
    missing = balance.physical - counted
    if missing == 0:
        return None
    difference = alone(lot, missing, at)
    if difference > ALONE_KG and (second is None or second == by):
        text = Message("Разница {kg} кг больше {most} кг: нужно подтверждение второго человека")
        values = {"kg": show_number(difference, 3), "most": show_number(ALONE_KG, 0)}
        raise Refused(Refusal(text, values))
    if second is not None:
        reason = f"{reason} ({second.full_name})"[:500]
    return take_out(
        by,
        kind=KIND,
        lot=lot,
        kg=missing,
        to=Account.ADJUST,
        session=session,
        at=at,
        reason=reason,
    )


def alone(lot: Lot, missing: Decimal, at: datetime) -> Decimal:
    """Return how large a difference counts that is `missing` from the books: itself, or with what
    the lot was corrected by in the day before, whichever is more. A large one in slices is as large
    as it is."""
    lines = Posting.objects.filter(lot=lot, account=Account.ADJUST, event__source=KIND)
    lately = lines.filter(event__occurred_at__gt=at - ALONE_FOR)
    before = lately.aggregate(kg=Sum("kg"))["kg"] or Decimal(0)
    return max(abs(missing), abs(missing + before))
