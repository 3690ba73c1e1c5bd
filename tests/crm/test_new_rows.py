"""A row written by a statement compiled once is the row that Django would write."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.catalogue.models import Supplier
from crm.ledger.models import Balance, Lot, StateHistory
from crm.new_rows import MOST, insert, insert_all, insert_unless_there, lock_or_insert
from crm.outbox.models import Notice
from crm.production.models import Place

pytestmark = pytest.mark.django_db


def change(reason: str) -> StateHistory:
    return StateHistory(
        record="a", record_id="1", from_state="x", to_state="y", at=timezone.now(), reason=reason
    )


def notice(event: str, **more: Any) -> Notice:
    now = timezone.now()
    times = {"created_at": now, "retry_from": now, "next_try_at": now}
    return Notice(event=event, chat_id=1, **times, **more)


def test_a_new_row_is_there_with_its_values_and_the_key_that_the_database_gave() -> None:
    first, second = insert(change("50 %")), insert(change("d'or"))
    assert first.pk != second.pk
    assert [StateHistory.objects.get(pk=one.pk).reason for one in (first, second)] == [
        "50 %",
        "d'or",
    ]
    second.reason = "written as what is there"
    assert not second._state.adding


def test_a_row_with_its_own_key_keeps_it_and_what_a_column_packs_comes_back() -> None:
    made = insert(notice("a", payload={"a": ["б", None]}))
    assert Notice.objects.get(pk=made.pk).payload == {"a": ["б", None]}


def test_many_rows_are_one_statement_and_those_that_are_there_stay() -> None:
    insert_all([notice("a", role="first")])
    with CaptureQueriesContext(connection) as asked:
        insert_all([notice(name, role="second") for name in "abc"], ignore_conflicts=True)
        insert_all([], ignore_conflicts=True)
    assert len(asked) == 1
    assert dict(Notice.objects.values_list("event", "role")) == {
        "a": "first",
        "b": "second",
        "c": "second",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all([notice("a")])


def test_more_rows_than_one_statement_takes_are_all_written() -> None:
    insert_all([change(str(number)) for number in range(MOST + 3)])
    assert StateHistory.objects.count() == MOST + 3


def test_columns_that_give_themselves_a_value_do() -> None:
    for name, key in (("Мясо", "мясо"), ("  Мясо   И Ко ", "мясо и ко")):
        made, named = insert(Lot(kind=Lot.Kind.RAW_BATCH)), insert(Supplier(name=name, code=name))
        assert Lot.objects.get(pk=made.pk).created_at == made.created_at is not None
        assert Supplier.objects.get(pk=named.pk).name_key == key


def place(slot: int, record_id: str) -> Place:
    return Place(
        resource="line_1", slot=slot, record="mix", record_id=record_id, since=timezone.now()
    )


def test_a_row_that_is_there_is_none_and_one_statement_and_what_else_is_wrong_is_said() -> None:
    with CaptureQueriesContext(connection) as asked:
        made = insert_unless_there(place(1, "1"))
        assert insert_unless_there(place(1, "2")) is None
    assert len(asked) == 2
    assert made is not None
    assert Place.objects.get(pk=made.pk).record_id == "1"
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_unless_there(place(0, "3"))  # no place at all: nobody stands there


def test_rows_are_locked_by_one_statement_that_makes_those_that_are_not_there() -> None:
    lot = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
    there = Balance.objects.create(lot=lot, account="raw_store", physical="7.5", reserved="0.5")
    wanted = [Balance(lot=lot, account=one) for one in ("process", "raw_store", "supplier")]
    with CaptureQueriesContext(connection) as asked:
        made, found, other = lock_or_insert(wanted, "lot", "account")
        assert lock_or_insert([], "lot", "account") == []
    assert len(asked) == 1
    assert found == there
    assert (str(found.physical), str(found.reserved), found._state.adding) == (
        "7.500",
        "0.500",
        False,
    )
    assert list(Balance.objects.order_by("account")) == [made, there, other]
    there.refresh_from_db()
    assert str(there.physical) == "7.500"


def test_rows_that_share_an_object_and_rows_that_do_not_are_written_as_they_are() -> None:
    shared = {"a": ["б"]}
    payloads = [shared, shared, {"b": 1}, shared, {}, {}]
    insert_all([notice(str(at), payload=one) for at, one in enumerate(payloads)])
    assert list(Notice.objects.order_by("event").values_list("payload", flat=True)) == payloads
