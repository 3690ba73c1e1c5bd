"""Lock what a posting, a reservation or a hold is about, always in one order, so that nobody
deadlocks: first lots (`share_lots`, `refuse_blocked`), then the sequence of births (`bear`), then
balances, each by number."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from crm.fresh import fresh
from crm.ledger.models import Balance, Lot
from crm.new_rows import lock_or_insert

Place = tuple[int, str]  # id of a lot, account


def lock_balances(places: Iterable[Place]) -> dict[Place, Balance]:
    """Return the balances of the places, made where absent, locked until the commit.

    An operation that reserves or posts several times locks all its places by this first."""
    wanted = sorted(set(places))
    rows = [fresh(Balance, lot_id=lot, account=account) for lot, account in wanted]
    return dict(zip(wanted, lock_or_insert(rows, "lot", "account"), strict=True))


def lock_lots(ids: Iterable[int]) -> None:
    """Lock lots against their use until the commit: a hold does it before it is placed."""
    rows = Lot.objects.select_for_update(no_key=True).filter(pk__in=sorted(set(ids)))
    list(rows.order_by("pk").values_list("pk"))


def share_lots(ids: Iterable[int]) -> None:
    """Keep holds off lots until the commit, beside others who use the same lots. SQLite needs it
    not: there a transaction that writes is alone."""
    wanted = sorted(set(ids))
    if connection.vendor == "postgresql" and wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM ledger_lot WHERE id = ANY(%s) ORDER BY id FOR SHARE", [wanted]
            )
