"""`verify-ledger` finds nothing in true books, and each lie by its own check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.db.models import F

from crm.catalogue.models import Recipe
from crm.fields import kg
from crm.ledger.models import Account, Balance, Event, Lot, Posting, Reservation
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.ledger.operations.reserve import reserve
from crm.ledger.verify import CHECKS, verify
from crm.production.models import MincedOrder, Mix, MixUse, OrderItem, SecondMinced
from crm.production.operations.release_order import release_order
from crm.quality.models import Hold
from tests.crm.production.orders import rework
from tests.seeded import seed

pytestmark = pytest.mark.django_db
Books = tuple[Lot, Lot, Lot]


@pytest.fixture
def books(at: datetime) -> Books:
    """Ten kilograms of raw; a mix of an order made of four; a pallet of it; two kept for more."""
    seed()
    raw, of_mix, of_pallet = (Lot.objects.create(kind=k) for k in ("raw_batch", "mix", "pallet"))
    order = MincedOrder.objects.create(
        state="active", number="Ф1", session="0" * 32, product_line="mmo", number_mix=1,
        recipe=Recipe.objects.earliest("pk"), line_mode="line_1", route="plate",
        arrival_date=at.date(), start_not_before=at, created_at=at,
    )  # fmt: skip
    item = OrderItem.objects.create(order=order, position=1, lot=raw, kg_planned=Decimal(6))
    mix = Mix.objects.create(
        state="on_pallets", order=order, number="Ф1/1", year=2026, lot=of_mix, line=1,
        produced_at=at, created_at=at,
    )  # fmt: skip
    ten, four = Decimal(10), Decimal(4)
    bear(raw)
    write("receipt", at, Line(raw, Account.SUPPLIER, -ten), Line(raw, Account.RAW_STORE, ten))
    bear(of_mix)
    event = write(
        "discharge", at, Line(raw, Account.RAW_STORE, -four),
        Line(raw, Account.PROCESS, four, order, mix), edges=[EdgeLine(raw, of_mix, four)],
    )  # fmt: skip
    MixUse.objects.create(mix=mix, lot=raw, kg=four, event=event)
    bear(of_pallet)
    write(
        "accept", at, Line(of_pallet, Account.PROCESS, -four, order, mix),
        Line(of_pallet, Account.FG_STORE, four), edges=[EdgeLine(of_mix, of_pallet, four)],
    )  # fmt: skip
    reserve(
        lot=raw, account=Account.RAW_STORE, kg=Decimal(2), at=at,
        holder=Reservation.Holder.ORDER_ITEM, holder_id=item.pk,
    )  # fmt: skip
    return raw, of_mix, of_pallet


def write(kind: str, at: datetime, *lines: Line, edges: list[EdgeLine] | None = None) -> Event:
    return post(
        kind, lines, by=None, session=None, source="test", key=kind, occurred_at=at,
        edges=edges or (),
    )  # fmt: skip


def unguarded(table: str, constraint: str, trigger: str) -> None:
    """Take a constraint and a trigger off until the test is over: what somebody with the password
    of the database could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # pending ones forbid the rest
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {constraint}")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def wrong() -> dict[str, int]:
    return {found.title: found.count for found in verify() if found.count}


def unbalance(books: Books, at: datetime) -> None:
    unguarded("ledger_posting", "none", "ledger_posting_comes_first")
    event = Event.objects.get(kind="receipt")
    Posting.objects.create(event=event, lot=books[0], account=Account.SCRAP, kg=Decimal(1))
    Balance.objects.create(lot=books[0], account=Account.SCRAP, physical=Decimal(1))


def go_below_zero(books: Books, at: datetime) -> None:
    for rule in ("balance_real_account_is_never_below_zero", "balance_reserved_is_within_physical"):
        unguarded("ledger_balance", rule, "none")
    pallet = books[2]
    below = Decimal(-5)
    Balance.objects.filter(lot=pallet, account=Account.FG_STORE).update(physical=-1)
    Balance.objects.create(lot=pallet, account=Account.SCRAP)
    lines = Line(pallet, Account.FG_STORE, below), Line(pallet, Account.SCRAP, -below)
    for line in lines:
        event = Event.objects.get(kind="accept")
        unguarded("ledger_posting", "none", "ledger_posting_comes_first")
        line.of(event).save()
    Balance.objects.filter(lot=pallet, account=Account.SCRAP).update(physical=5)


def drift(books: Books, at: datetime) -> None:
    rows = Balance.objects.filter(lot=books[0], account=Account.RAW_STORE)
    rows.update(physical=F("physical") + kg(Decimal("0.001")))


def lose_a_balance(books: Books, at: datetime) -> None:
    Balance.objects.filter(lot=books[0], account=Account.SUPPLIER).delete()


def drift_of_reserves(books: Books, at: datetime) -> None:
    Balance.objects.filter(reserved__gt=0).update(reserved=Decimal(1))


def keep_for_nobody(books: Books, at: datetime) -> None:
    MincedOrder.objects.update(state="finished")


def swap_births(books: Books, at: datetime) -> None:
    Lot.objects.filter(pk=books[0].pk).update(born=1000)


def unbear_a_parent(books: Books, at: datetime) -> None:
    Lot.objects.filter(pk=books[1].pk).update(born=None)


def come_from_nowhere(books: Books, at: datetime) -> None:
    bear(Lot.objects.create(kind="pallet"))


def stock_of_the_unborn(books: Books, at: datetime) -> None:
    lot = Lot.objects.create(kind="raw_batch")
    one = Decimal(1)
    write("late", at, Line(lot, Account.SUPPLIER, -one), Line(lot, Account.RAW_STORE, one))


def scrap_with_a_rest(books: Books, at: datetime) -> None:
    rework("7")
    SecondMinced.objects.update(state="scrapped")


def leave_on_no_pallet(books: Books, at: datetime) -> None:
    rework("7")
    SecondMinced.objects.update(state="on_pallet")


def use_without_a_posting(books: Books, at: datetime) -> None:
    MixUse.objects.create(
        mix=Mix.objects.get(), lot=books[2], kg=Decimal(1), event=Event.objects.get(kind="accept")
    )


def use_beyond_the_plan(books: Books, at: datetime) -> None:
    OrderItem.objects.update(kg_planned=Decimal(3))


def finish_without_a_use(books: Books, at: datetime) -> None:
    """Two of the six kilograms were neither used nor given back."""
    MincedOrder.objects.update(state="finished")


LIES: list[tuple[str, Callable[[Books, datetime], None]]] = [
    ("Проводки, строки которых не дают нуля", unbalance),
    ("Остатки ниже нуля", go_below_zero),
    ("Остатки, которые не равны сумме строк", drift),
    ("Остатки, которые не равны сумме строк", lose_a_balance),
    ("Резервы остатков, которые не равны сумме резервов", drift_of_reserves),
    ("Резервы того, чего уже нет", keep_for_nobody),
    ("Происхождение не по порядку: возможен круг", swap_births),
    ("Происхождение не по порядку: возможен круг", unbear_a_parent),
    ("Лоты без происхождения", come_from_nowhere),
    ("Остатки лотов, которых ещё нет", stock_of_the_unborn),
    ("Килограммы, которых уже ничто не возьмёт", scrap_with_a_rest),
    ("Килограммы, которых уже ничто не возьмёт", leave_on_no_pallet),
    ("Расход замесов, который не равен проводкам", use_without_a_posting),
    ("Расход партии фарша сверх плана", use_beyond_the_plan),
    (
        "Расход завершённой партии фарша, который не равен плану без снятого с резерва",
        finish_without_a_use,
    ),
]


def test_true_books_show_nothing(books: Books) -> None:
    assert wrong() == {}


def test_an_order_that_ends_early_accounts_for_what_it_gave_back(books: Books) -> None:
    order = MincedOrder.objects.get()
    release_order(None, order=order)
    MincedOrder.objects.update(state="finished")
    assert wrong() == {}
    assert order.items.get().kg_released == Decimal(2)
    OrderItem.objects.update(kg_released=Decimal(1))
    assert [*wrong()] == [LIES[-1][0]]


def test_orders_that_ended_before_this_was_written_down_are_filled_in(books: Books) -> None:
    MincedOrder.objects.update(state="finished")
    Reservation.objects.all().delete()
    Balance.objects.update(reserved=0)
    assert [*wrong()] == [LIES[-1][0]]
    with connection.cursor() as cursor:
        cursor.execute(import_module("crm.production.migrations.0013_released").FILL)
    assert wrong() == {}


@pytest.mark.parametrize(("title", "lie"), LIES, ids=[lie.__name__ for _, lie in LIES])
def test_a_lie_is_found_by_its_check(
    title: str, lie: Callable[[Books, datetime], None], books: Books, at: datetime
) -> None:
    lie(books, at)
    assert title in wrong()
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")
    transaction.set_rollback(True)


def test_what_is_reserved_beyond_the_stock_is_found(books: Books, at: datetime) -> None:
    unguarded("ledger_balance", "balance_reserved_is_within_physical", "none")
    Balance.objects.filter(lot=books[0], account=Account.RAW_STORE).update(reserved=Decimal(99))
    assert "Резервы больше остатка" in wrong()
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")
    transaction.set_rollback(True)


def test_every_check_can_fail() -> None:
    assert {title for title, _ in LIES} | {"Резервы больше остатка"} == set(CHECKS)


def test_a_lot_whose_origin_is_unknown_is_no_orphan_once_it_is_held(
    books: Books, at: datetime
) -> None:
    lot = Lot.objects.create(kind="pallet")
    bear(lot)
    Hold.objects.create(lot=lot, kind="no_origin", reason="принят вручную", placed_at=at)
    assert wrong() == {}
