"""Where a lot is kept, how much of it there is, how much of that is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import QuerySet, Sum

from crm.ledger.models import REAL_ACCOUNTS, Account, Balance, Lot
from crm.prepared import NUMBER, Prepared
from engine.errors import EngineError

_HOMES = {
    Lot.Kind.RAW_BATCH: Account.RAW_STORE,
    Lot.Kind.BLANK: Account.BLANK_STORE,
    Lot.Kind.PALLET: Account.FG_STORE,
}


STORED = Prepared(
    lambda lot: (
        Balance.objects.filter(lot_id=lot, account__in=REAL_ACCOUNTS)
        .order_by()
        .values_list("physical", "reserved")
    ),
    NUMBER,
)


def account_of(lot: Lot) -> Account:
    """Return the store on which a lot is kept. Raises EngineError for a mix: it is on its way."""
    kind = Lot.Kind(lot.kind)
    if kind is Lot.Kind.SECOND_MINCED:
        second = lot.second_minced
        return Account.REWORK_STORE if second.kind == second.Kind.REWORK else Account.MKO_STORE
    if kind not in _HOMES:
        raise EngineError(f"{lot}: a mix has no store")
    return _HOMES[kind]


def physical(lot: Lot | int) -> Decimal:
    """Return how many kilograms of a lot are on the stores."""
    return sum((kg for kg, _ in STORED.rows(_number(lot))), Decimal(0))


def available(lot: Lot | int) -> Decimal:
    """Return how many kilograms of a lot are on the stores and not reserved; never below zero."""
    stored = STORED.rows(_number(lot))
    return sum((kg - reserved for kg, reserved in stored), Decimal(0))


def free_on(store: Account, lots: Iterable[int]) -> dict[int, Decimal]:
    """Return how many kilograms of lots on a store are not reserved, by the id of the lot, in one
    query; a lot that was never there is absent."""
    rows = Balance.objects.filter(account=store, lot__in=list(lots)).order_by()
    return {
        lot: there - held for lot, there, held in rows.values_list("lot", "physical", "reserved")
    }


def kept(*stores: Account) -> QuerySet[Balance]:
    """Return the balances of what is on stores, in no order."""
    return Balance.objects.filter(account__in=stores, physical__gt=0).order_by()


def on_stores() -> Mapping[Account, tuple[Decimal, Decimal]]:
    """Return how many kilograms are on each store and how many of them are reserved, in one
    query."""
    sums = kept(*REAL_ACCOUNTS).values_list("account").annotate(Sum("physical"), Sum("reserved"))
    found = {account: (there, held) for account, there, held in sums}
    return {store: found.get(store, (Decimal(0), Decimal(0))) for store in REAL_ACCOUNTS}


def _number(lot: Lot | int) -> int:
    return lot.pk if isinstance(lot, Lot) else lot
