"""Write a posting document: the only way kilograms move."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.fields import kg
from crm.ledger.forms import forms_digest
from crm.ledger.models import REAL_ACCOUNTS, Account, Balance, Event, Lot, Posting
from engine.errors import EngineError, Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number

if TYPE_CHECKING:
    from crm.people.models import Person

Place = tuple[int, str]  # id of a lot, account


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a posting document: a lot, an account, signed kilograms."""

    lot: Lot
    account: Account
    kg: Decimal


@transaction.atomic
def post(
    kind: str,
    lines: Sequence[Line],
    *,
    by: Person | None,
    session: uuid.UUID | None,
    source: str,
    key: str,
    occurred_at: datetime,
    reverses: Event | None = None,
    reason: str = "",
) -> Event:
    """Write an event with its postings and move the balances; the same (source, key) writes once.

    `occurred_at` is when it happened at the plant. Raises Refused with the exact remainder when a
    real account would go below what is reserved, EngineError when the lines do not sum to zero."""
    if sum(line.kg for line in lines) != 0 or len(lines) < 2:
        raise EngineError(f"{kind}: the postings do not sum to zero")
    moves: dict[Place, Decimal] = defaultdict(Decimal)
    for line in lines:
        moves[line.lot.pk, line.account.value] += line.kg
    balances = _lock(moves)
    # Whoever posts the same at the same moment waits for the locks above: look only after them.
    done = Event.objects.filter(source=source, key=key).first()
    if done:
        return done
    _move(balances, moves)
    event = Event(
        kind=kind,
        occurred_at=occurred_at,
        recorded_at=timezone.now(),
        by=by,
        session=session,
        source=source,
        key=key,
        reverses=reverses,
        reason=reason,
        digest=forms_digest(),
    )
    # The postings go first: the trigger on the event sums them (see crm.ledger.models).
    Posting.objects.bulk_create(
        Posting(event_id=event.pk, lot=line.lot, account=line.account, kg=line.kg) for line in lines
    )
    event.save(force_insert=True)
    return event


def _lock(places: Iterable[Place]) -> list[Balance]:
    """Return the balances, made where absent, locked in one order so that nobody deadlocks."""
    ordered = sorted(places)
    Balance.objects.bulk_create(
        [Balance(lot_id=lot, account=account) for lot, account in ordered], ignore_conflicts=True
    )
    return [
        Balance.objects.select_for_update().get(lot_id=lot, account=account)
        for lot, account in ordered
    ]


def _move(balances: Iterable[Balance], moves: Mapping[Place, Decimal]) -> None:
    for balance in balances:
        moved = moves[balance.lot_id, balance.account]
        left = balance.physical - balance.reserved
        if balance.account in REAL_ACCOUNTS and left + moved < 0:
            text = Message("Осталось {left} кг, нужно {wanted} кг")
            raise Refused(
                Refusal(text, {"left": show_number(left, 3), "wanted": show_number(-moved, 3)})
            )
        Balance.objects.filter(pk=balance.pk).update(physical=F("physical") + kg(moved))
