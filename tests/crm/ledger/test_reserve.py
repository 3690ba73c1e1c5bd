"""Reservations: plans keep kilograms, and who draws what he kept is not refused."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from crm.ledger.models import Account, Balance, Lot, Reservation
from crm.ledger.operations.post import Line, post
from crm.ledger.operations.reserve import reserve, unreserve
from crm.ledger.stock import account_of, available, physical
from crm.production.models import SecondMinced
from engine.errors import EngineError, Refused

pytestmark = pytest.mark.django_db
ORDER = Reservation.Holder.ORDER_ITEM


@pytest.fixture
def lot(at: datetime) -> Lot:
    """Ten kilograms on the raw store."""
    lot = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
    lines = [Line(lot, Account.SUPPLIER, Decimal(-10)), Line(lot, Account.RAW_STORE, Decimal(10))]
    post("receipt", lines, by=None, session=None, source="test", key="in", occurred_at=at)
    return lot


def keep(lot: Lot, amount: str, at: datetime, line: int = 1) -> Reservation:
    return reserve(
        lot=lot, account=Account.RAW_STORE, kg=Decimal(amount), holder=ORDER, holder_id=line, at=at
    )


def draw(lot: Lot, amount: str, at: datetime, line: int | None = None, kept: str = "") -> None:
    lines = [
        Line(lot, Account.RAW_STORE, -Decimal(amount)),
        Line(lot, Account.PROCESS, Decimal(amount)),
    ]
    consume = [] if line is None else [(ORDER, line, Decimal(kept or amount))]
    post(
        "discharge", lines, by=None, session=None, source="test",
        key=f"{line}-{amount}", occurred_at=at, consume=consume,
    )  # fmt: skip


def reserved(lot: Lot) -> Decimal:
    return Balance.objects.get(lot=lot, account=Account.RAW_STORE).reserved


def books(lot: Lot) -> list[object]:
    """Return what there is of a lot, what of it is free, what is reserved."""
    return [physical(lot), available(lot), reserved(lot)]


def test_planning_changes_what_is_free_and_nothing_else(lot: Lot, at: datetime) -> None:
    keep(lot, "4", at)
    assert books(lot) == [10, 6, 4]


def test_reserving_again_adds_to_what_the_line_keeps(lot: Lot, at: datetime) -> None:
    keep(lot, "4", at)
    assert keep(lot, "0.5", at).kg == Decimal("4.500")
    assert Reservation.objects.get().kg == reserved(lot) == Decimal("4.500")


def test_more_than_is_free_is_refused_with_the_exact_remainder(lot: Lot, at: datetime) -> None:
    keep(lot, "4", at)
    with pytest.raises(Refused, match="Осталось 6,000 кг, нужно 6,001 кг"):
        keep(lot, "6.001", at, line=2)


def test_nothing_is_not_reserved(lot: Lot, at: datetime) -> None:
    with pytest.raises(EngineError):
        keep(lot, "0", at)


def test_giving_back_returns_how_much_it_was_and_never_more_than_there_is(
    lot: Lot, at: datetime
) -> None:
    keep(lot, "4", at)
    assert unreserve(holder=ORDER, holder_id=1, kg=Decimal("1.5")) == Decimal("1.5")
    assert reserved(lot) == Reservation.objects.get().kg == Decimal("2.5")
    assert unreserve(holder=ORDER, holder_id=1, kg=Decimal(100)) == Decimal("2.5")
    assert unreserve(holder=ORDER, holder_id=1) == 0
    assert reserved(lot) == 0
    assert not Reservation.objects.exists()


def test_a_line_that_keeps_several_lots_gives_all_of_them_back(lot: Lot, at: datetime) -> None:
    other = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
    lines = [Line(other, Account.SUPPLIER, Decimal(-5)), Line(other, Account.RAW_STORE, Decimal(5))]
    post("receipt", lines, by=None, session=None, source="test", key="two", occurred_at=at)
    keep(lot, "4", at)
    keep(other, "5", at)
    assert unreserve(holder=ORDER, holder_id=1) == 9
    assert available(lot) + available(other) == 15


def test_who_draws_what_he_reserved_is_not_refused_though_nothing_is_free(
    lot: Lot, at: datetime
) -> None:
    keep(lot, "10", at)
    draw(lot, "3", at, line=1)
    assert books(lot) == [7, 0, 7]


def test_what_others_reserved_cannot_be_drawn(lot: Lot, at: datetime) -> None:
    keep(lot, "8", at)
    keep(lot, "2", at, line=2)
    with pytest.raises(Refused, match="Осталось 2,000 кг, нужно 3,000 кг"):
        draw(lot, "3", at, line=2)
    assert books(lot) == [10, 0, 10]


def test_a_draw_beyond_the_own_reservation_takes_from_what_is_free(lot: Lot, at: datetime) -> None:
    keep(lot, "4", at)
    draw(lot, "5", at, line=1)
    assert books(lot) == [5, 5, 0]


def test_a_draw_that_is_repeated_consumes_once(lot: Lot, at: datetime) -> None:
    keep(lot, "9", at)
    draw(lot, "3", at, line=1)
    draw(lot, "3", at, line=1)
    assert books(lot) == [7, 1, 6]


def test_of_0_3_the_plans_of_0_1_and_0_2_are_kept_and_drawn_to_the_gram(
    lot: Lot, at: datetime
) -> None:
    draw(lot, "9.7", at)
    keep(lot, "0.1", at)
    keep(lot, "0.2", at, line=2)
    draw(lot, "0.1", at, line=1)
    draw(lot, "0.2", at, line=2)
    assert books(lot) == [0, 0, 0]


@pytest.mark.parametrize(
    ("kind", "account"), [("rework", Account.REWORK_STORE), ("mko2", Account.MKO_STORE)]
)
def test_a_second_minced_lot_is_kept_where_its_kind_says(
    kind: str, account: Account, at: datetime
) -> None:
    lot = Lot.objects.create(kind=Lot.Kind.SECOND_MINCED)
    SecondMinced.objects.create(
        kind=kind, number="2211/1", year=2026, lot=lot, produced_on=at.date(), registered_at=at,
        net=Decimal(1), created_at=at,
    )  # fmt: skip
    assert account_of(lot) == account


def test_a_mix_has_no_store() -> None:
    with pytest.raises(EngineError):
        account_of(Lot.objects.create(kind=Lot.Kind.MIX))
