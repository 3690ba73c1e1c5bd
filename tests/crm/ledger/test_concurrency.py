"""Eight at once: numbers and balances stay right on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.ledger.models import Account, Balance, Event, Lot, StateHistory
from crm.ledger.operations.move_state import move_state
from crm.ledger.operations.number import next_number, next_numbers
from crm.ledger.operations.post import Line, post
from crm.production.models import RawBatch
from engine.errors import EngineError, Refused

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8
A = TypeVar("A")
R = TypeVar("R")


def at_once(act: Callable[[A], R], arguments: Iterable[A]) -> list[R | Exception]:
    """Call `act` in eight threads, each with its own connection; a raised exception is a result."""

    def run(argument: A) -> R | Exception:
        try:
            return act(argument)
        except (Refused, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, arguments))


def test_fifty_deliveries_at_once_get_fifty_numbers_without_a_gap(
    receive: Callable[..., RawBatch],
) -> None:
    batches = at_once(lambda _: receive(), range(50))
    assert {batch.number for batch in batches if isinstance(batch, RawBatch)} == {
        f"2211/{n}" for n in range(3, 53)
    }
    assert set(RawBatch.objects.values_list("year_number", flat=True)) == set(range(1, 51))
    assert set(RawBatch.objects.values_list("lot__born", flat=True)) == set(range(1, 51))


def test_one_session_saved_eight_times_at_once_is_one_batch_and_one_receipt(
    receive: Callable[..., RawBatch],
) -> None:
    session = uuid4()
    results = at_once(lambda key: receive(session=key), [session] * THREADS)
    assert not [result for result in results if isinstance(result, IntegrityError)]
    assert RawBatch.objects.count() == 1
    assert Event.objects.filter(kind="receipt").count() == 1
    assert Balance.objects.get(account=Account.RAW_STORE).physical == Decimal("18250.500")


def test_of_two_who_draw_the_last_kilogram_the_later_is_refused_with_what_is_left(
    receive: Callable[..., RawBatch], at: datetime
) -> None:
    batch = receive(weight=Decimal(10))

    def draw(key: UUID) -> Event:
        lines = [
            Line(batch.lot, Account.RAW_STORE, Decimal(-1)),
            Line(batch.lot, Account.SCRAP, Decimal(1)),
        ]
        return post(
            "scrap", lines, by=None, session=None, source="test", key=str(key), occurred_at=at
        )

    drawn = at_once(draw, [uuid4() for _ in range(14)])
    refused = [result for result in drawn if isinstance(result, Refused)]
    assert [str(error) for error in refused] == ["Осталось 0,000 кг, нужно 1,000 кг"] * 4
    assert sum(isinstance(result, Event) for result in drawn) == 10
    assert Balance.objects.get(lot=batch.lot, account=Account.RAW_STORE).physical == 0


def test_of_eight_who_change_a_state_one_wins_and_the_others_read_who_was_first(
    receive: Callable[..., RawBatch], at: datetime
) -> None:
    batch = receive()

    def cancel(_: int) -> None:
        row = RawBatch.objects.get(pk=batch.pk)
        move_state(row, "cancel", sources=["received"], to="cancelled", by=row.created_by, at=at)

    results = at_once(cancel, range(THREADS))
    refusals = [str(result) for result in results if isinstance(result, Refused)]
    assert refusals == ["Уже сделано: Ветров П. А., 22.11 11:30"] * (THREADS - 1)


def test_a_state_and_its_history_are_written_by_one_statement_where_there_is_a_way(
    receive: Callable[..., RawBatch], at: datetime
) -> None:
    batch = receive()
    row = RawBatch.objects.get(pk=batch.pk)
    with CaptureQueriesContext(connection) as asked:
        move_state(row, "release", sources=["received"], to="released", by=None, at=at, reason="x")
    sent = [one for one in asked if not one["sql"].startswith(("BEGIN", "COMMIT"))]
    assert len(sent) == (1 if connection.vendor == "postgresql" else 2)
    line = StateHistory.objects.filter(record="raw_batch", record_id=str(batch.pk)).latest("pk")
    assert (line.from_state, line.to_state, line.by, line.at) == ("received", "released", None, at)
    assert (row.state, row.version) == ("released", batch.version + 1)
    moved = StateHistory.objects.count()
    with pytest.raises(Refused):
        move_state(row, "accept", sources=["new"], to="received", by=None, at=at)
    assert StateHistory.objects.count() == moved


def test_a_number_of_a_transaction_that_fails_is_given_again() -> None:
    with transaction.atomic():
        assert next_number("thing", "2026") == 1
        transaction.set_rollback(True)
    with transaction.atomic():
        assert next_number("thing", "2026") == 1


def test_a_number_is_taken_by_one_statement() -> None:
    with transaction.atomic():
        assert next_number("thing", "2026", first=lambda: 5) == 5
        with CaptureQueriesContext(connection) as asked:
            assert next_number("thing", "2026") == 6
    assert len(asked) == 1


def test_several_numbers_are_taken_by_one_statement_once_their_counters_are_there() -> None:
    wanted = [("thing", "2026-11-22"), ("thing", "2026"), ("all", "")]
    with transaction.atomic():
        assert [next_number("thing", "2026"), next_number("all")] == [1, 1]
        # One of them is not there: none is taken twice, and the first begins where it begins.
        assert next_numbers(*wanted, first=lambda: 5) == [5, 2, 2]
        with CaptureQueriesContext(connection) as asked:
            assert next_numbers(*wanted, first=lambda: 5) == [6, 3, 3]
    assert len(asked) == 1


def test_several_numbers_that_eight_take_in_one_order_are_all_given_once() -> None:
    """Eight begin with no counters and go on with rows that move as they are written."""
    wanted = [(kind, "2026") for kind in ("one", "two", "three")]

    def take(_: int) -> list[int]:
        with transaction.atomic():
            return next_numbers(*wanted)

    taken = [numbers for numbers in at_once(take, range(80)) if isinstance(numbers, list)]
    assert sorted(taken) == [[number] * 3 for number in range(1, 81)]


def test_a_number_outside_a_transaction_is_our_bug() -> None:
    with pytest.raises(EngineError):
        next_number("thing", "2026")
    with pytest.raises(EngineError):
        next_numbers(("thing", "2026"), ("all", ""))


def test_a_lot_is_unborn_until_its_batch_is_accepted() -> None:
    assert Lot.objects.create(kind=Lot.Kind.RAW_BATCH).born is None
