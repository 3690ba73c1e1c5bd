"""Posting documents: they balance, write once, and never draw below what is free."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from crm.fields import kg
from crm.ledger.models import Account, Balance, Event, Lot, Posting
from crm.ledger.operations.post import Line, post
from crm.ledger.operations.reverse import reverse
from engine.errors import EngineError, Refused

pytestmark = pytest.mark.django_db
W = Decimal("0.300")


@pytest.fixture
def lot() -> Lot:
    return Lot.objects.create(kind=Lot.Kind.RAW_BATCH)


def move(lot: Lot, amount: Decimal, at: datetime, key: str) -> Event:
    """Bring kilograms from the supplier to the raw store; less than nought takes them back."""
    return post(
        "receipt",
        [Line(lot, Account.SUPPLIER, -amount), Line(lot, Account.RAW_STORE, amount)],
        by=None,
        session=None,
        source="test",
        key=key,
        occurred_at=at,
    )


def stock(lot: Lot) -> Decimal:
    physical: Decimal = Balance.objects.get(lot=lot, account=Account.RAW_STORE).physical
    return physical


def test_the_last_legal_draw_of_0_3_minus_0_1_minus_0_2_is_not_refused(
    lot: Lot, at: datetime
) -> None:
    move(lot, W, at, "in")
    move(lot, Decimal("-0.1"), at, "one")
    move(lot, Decimal("-0.2"), at, "two")
    assert stock(lot) == 0


def test_a_draw_of_one_gram_too_much_is_refused_with_the_exact_remainder(
    lot: Lot, at: datetime
) -> None:
    move(lot, W, at, "in")
    with pytest.raises(Refused, match="Осталось 0,300 кг, нужно 0,301 кг"):
        move(lot, Decimal("-0.301"), at, "out")
    assert stock(lot) == W


def test_what_is_reserved_cannot_be_drawn(lot: Lot, at: datetime) -> None:
    move(lot, W, at, "in")
    Balance.objects.filter(lot=lot, account=Account.RAW_STORE).update(reserved=Decimal("0.2"))
    with pytest.raises(Refused, match="Осталось 0,100 кг"):
        move(lot, Decimal("-0.2"), at, "out")


def test_a_posting_locks_its_balances_by_one_statement_and_moves_them_by_one(
    lot: Lot, at: datetime
) -> None:
    other = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
    lines = [
        Line(one, account, sign * W)
        for one in (lot, other)
        for account, sign in ((Account.SUPPLIER, -1), (Account.RAW_STORE, 1))
    ]
    with CaptureQueriesContext(connection) as asked:
        post("x", lines, by=None, session=None, source="t", key="k", occurred_at=at)
    assert len([one for one in asked if "ledger_balance" in one["sql"]]) == 2
    # whether it was written already, its postings, itself; PostgreSQL moves and posts at once
    assert len(asked) == (4 if connection.vendor == "postgresql" else 5)
    assert (stock(lot), stock(other)) == (W, W)


def test_the_same_source_and_key_posts_once(lot: Lot, at: datetime) -> None:
    assert move(lot, W, at, "in") == move(lot, W, at, "in")
    assert (stock(lot), Posting.objects.count()) == (W, 2)


def test_lines_that_do_not_sum_to_zero_are_our_bug(lot: Lot, at: datetime) -> None:
    lines = [Line(lot, Account.SUPPLIER, Decimal(-1)), Line(lot, Account.RAW_STORE, Decimal(2))]
    with pytest.raises(EngineError):
        post("x", lines, by=None, session=None, source="t", key="k", occurred_at=at)


def test_the_database_refuses_an_event_whose_postings_do_not_balance(
    lot: Lot, at: datetime
) -> None:
    event = Event(kind="x", occurred_at=at, recorded_at=at, source="t", key="k")
    for account, amount in ((Account.SUPPLIER, "-1"), (Account.RAW_STORE, "1.001")):
        Posting.objects.create(event_id=event.pk, lot=lot, account=account, kg=Decimal(amount))
    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        event.save(force_insert=True)
    transaction.set_rollback(True)


def test_the_database_refuses_an_event_without_postings(at: datetime) -> None:
    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        Event.objects.create(kind="x", occurred_at=at, recorded_at=at, source="t", key="k")


def test_the_database_refuses_a_posting_added_to_an_event_later(lot: Lot, at: datetime) -> None:
    event = move(lot, W, at, "in")
    with pytest.raises(IntegrityError, match="comes before its event"), transaction.atomic():
        Posting.objects.create(event=event, lot=lot, account=Account.SCRAP, kg=Decimal(1))


def test_the_database_refuses_postings_whose_event_never_came(lot: Lot) -> None:
    for account, amount in ((Account.SUPPLIER, -1), (Account.RAW_STORE, 1)):
        Posting.objects.create(event_id=uuid4(), lot=lot, account=account, kg=Decimal(amount))
    with pytest.raises(IntegrityError):
        connection.check_constraints()  # what a commit does with deferred keys
    transaction.set_rollback(True)


def test_the_database_refuses_a_real_account_below_zero(lot: Lot, at: datetime) -> None:
    move(lot, W, at, "in")
    with pytest.raises(IntegrityError, match="never_below_zero"), transaction.atomic():
        Balance.objects.filter(lot=lot, account=Account.RAW_STORE).update(
            physical=F("physical") - kg(Decimal(1))
        )


def test_a_reversal_brings_everything_back_and_happens_once(lot: Lot, at: datetime) -> None:
    receipt = move(lot, W, at, "in")
    first = reverse(receipt, by=None, reason="ошибка", occurred_at=at)
    second = reverse(receipt, by=None, reason="ошибка", occurred_at=at)
    assert first == second
    assert first.reverses == receipt
    assert stock(lot) == 0


def test_an_event_can_be_reversed_by_one_event_only(lot: Lot, at: datetime) -> None:
    receipt = move(lot, W, at, "in")
    reverse(receipt, by=None, reason="ошибка", occurred_at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        post(
            "again",
            [Line(lot, Account.SUPPLIER, W), Line(lot, Account.SCRAP, -W)],
            by=None,
            session=None,
            source="other",
            key="k",
            occurred_at=at,
            reverses=receipt,
        )
