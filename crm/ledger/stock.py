"""Where a lot is kept, how much of it there is, how much of that is free."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Sum

from crm.ledger.models import REAL_ACCOUNTS, Account, Balance, Lot
from engine.errors import EngineError

_HOMES = {
    Lot.Kind.RAW_BATCH: Account.RAW_STORE,
    Lot.Kind.BLANK: Account.BLANK_STORE,
    Lot.Kind.PALLET: Account.FG_STORE,
}


def account_of(lot: Lot) -> Account:
    """Return the store on which a lot is kept. Raises EngineError for a mix: it is on its way."""
    kind = Lot.Kind(lot.kind)
    if kind is Lot.Kind.SECOND_MINCED:
        second = lot.second_minced
        return Account.REWORK_STORE if second.kind == second.Kind.REWORK else Account.MKO_STORE
    if kind not in _HOMES:
        raise EngineError(f"{lot}: a mix has no store")
    return _HOMES[kind]


def physical(lot: Lot) -> Decimal:
    """Return how many kilograms of a lot are on the stores."""
    total = _stored(lot).aggregate(kg=Sum("physical"))["kg"]
    return Decimal(0) if total is None else total


def available(lot: Lot) -> Decimal:
    """Return how many kilograms of a lot are on the stores and not reserved; never below zero."""
    total = _stored(lot).aggregate(kg=Sum(F("physical") - F("reserved")))["kg"]
    return Decimal(0) if total is None else total


def _stored(lot: Lot) -> models.QuerySet[Balance]:
    return Balance.objects.filter(lot=lot, account__in=REAL_ACCOUNTS)
