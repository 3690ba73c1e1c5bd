"""Take kilograms of a lot off its store: to a virtual account and nowhere else."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from crm.ledger.models import Account, Event, Lot
from crm.ledger.operations.post import Line, post
from crm.ledger.stock import account_of
from engine.errors import Refusal, Refused

if TYPE_CHECKING:
    from crm.people.models import Person


def take_out(
    by: Person | None,
    *,
    kind: str,
    lot: Lot,
    kg: Decimal,
    to: Account,
    session: UUID,
    at: datetime,
    reason: str = "",
) -> Event:
    """Post store −kg, `to` +kg of one lot; less than nothing puts it on the store. Done twice with
    one session it is written once. Raises Refused with the exact remainder when less is free."""
    return post(
        kind,
        [Line(lot, account_of(lot), -kg), Line(lot, to, kg)],
        by=by,
        session=session,
        source=kind,
        key=f"{session}:{lot.pk}",
        occurred_at=at,
        reason=reason,
    )


def above_zero(kg: Decimal) -> Decimal:
    """Return the mass. Raises Refused when it is nothing or less."""
    if kg <= 0:
        raise Refused(Refusal("Масса должна быть больше нуля"))
    return kg


def checked_reason(reason: str) -> str:
    """Return the reason without spaces around it. Raises Refused when it is too short or long."""
    reason = reason.strip()
    if not 5 <= len(reason) <= 500:
        raise Refused(Refusal("Укажите причину: от 5 до 500 знаков"))
    return reason
