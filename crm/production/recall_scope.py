"""How far beyond its genealogy a recall reaches (domain 14.2): what took something over on a line,
what shared a line or a freezer with an affected lot. Start at `beside`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, Sum

from crm.ledger.models import REAL_ACCOUNTS, Account, Balance
from crm.ledger.trace import NOTHING, Way, lots_of
from crm.production.day import span_of
from crm.production.models import FreezerLoad, Mix
from crm.quality.models.drill import Scope


@dataclass(frozen=True, slots=True)
class Beside:
    """What a wider scope adds: how many lots, where their kilograms are."""

    lots: int
    on_hand: Decimal
    shipped: Decimal


def beside(affected: Collection[int], scope: Scope) -> Beside:
    """Return what a scope adds to affected lots, everything that was made of it included. Nobody
    notes when a line is cleaned, so between two clean-ups is a whole production day: too much
    rather than too little."""
    added: set[int] = set()
    if scope is not Scope.GENEALOGY:
        added |= set(affected)
    if scope in (Scope.LINE, Scope.EQUIPMENT):
        added |= _of_their_lines(affected)
    if scope is Scope.EQUIPMENT:
        added |= _of_their_freezers(affected)
    more = lots_of(added, Way.FORWARD, carry_over=True) - set(affected)
    return Beside(len(more), _kg(more, *REAL_ACCOUNTS), _kg(more, Account.CUSTOMER))


def _of_their_lines(affected: Collection[int]) -> set[int]:
    """Return the mixes of the lines and production days of affected ones."""
    rows = Mix.objects.filter(produced_at__isnull=False, line__isnull=False)
    seen = rows.filter(lot__in=affected).values_list("line", "produced_at")
    return _within(rows, "line", "produced_at", seen, "lot")


def _of_their_freezers(affected: Collection[int]) -> set[int]:
    """Return what was put into the freezers of affected lots on the same production days."""
    rows = FreezerLoad.objects.filter(loaded_at__isnull=False)
    inside = rows.filter(Q(mix__lot__in=affected) | Q(pallet__lot__in=affected))
    seen = list(inside.values_list("freezer", "loaded_at"))
    mixes = _within(rows, "freezer", "loaded_at", seen, "mix__lot")
    return mixes | _within(rows, "freezer", "loaded_at", seen, "pallet__lot")


def _within(
    rows: QuerySet[Any],
    place: str,
    moment: str,
    seen: Iterable[tuple[int | None, datetime | None]],
    lot: str,
) -> set[int]:
    """Return the lots of the rows that stood in the same places on the same production days."""
    days = {(where, span_of(at)) for where, at in seen if at is not None}
    meant = [Q(**{place: where, f"{moment}__gte": a, f"{moment}__lt": b}) for where, (a, b) in days]
    if not meant:
        return set()
    found = rows.filter(reduce(or_, meant), **{f"{lot}__isnull": False})
    return set(found.values_list(lot, flat=True))


def _kg(lots: Collection[int], *accounts: Account) -> Decimal:
    rows = Balance.objects.filter(lot__in=lots, account__in=accounts)
    return rows.aggregate(kg=Sum("physical"))["kg"] or NOTHING
