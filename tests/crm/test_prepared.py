"""A query that is compiled once answers as one that is built anew, whatever is in its holes; a
change writes as one that is built anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.outbox.models import Notice
from crm.people.models import Person
from crm.prepared import MOMENT, NUMBER, TEXT, Change, Hole, Prepared
from crm.production.models import RawBatch
from engine.errors import EngineError

pytestmark = pytest.mark.django_db
Receive = Callable[..., RawBatch]


def test_each_asking_has_its_own_values_in_the_holes(receive: Receive) -> None:
    by_key = Prepared(lambda pk: RawBatch.objects.filter(pk=pk), NUMBER)
    first, second = receive(), receive()
    assert by_key.rows(first.pk) == [first]
    assert by_key.rows(second.pk) == [second]
    assert by_key.rows(-1) == []


def test_a_text_and_a_moment_are_asked_for_as_the_column_keeps_them(receive: Receive) -> None:
    batch = receive()
    since = Prepared(
        lambda number, at: RawBatch.objects.filter(number=number, created_at__lte=at), TEXT, MOMENT
    )
    assert batch.number is not None
    assert since.rows(batch.number, timezone.now() + timedelta(seconds=1)) == [batch]
    assert since.rows(batch.number, batch.created_at - timedelta(seconds=1)) == []


def test_what_is_joined_and_what_is_fetched_beside_comes_along(receive: Receive) -> None:
    batch = receive()
    whole = Prepared(
        lambda pk: (
            RawBatch.objects.filter(pk=pk)
            .select_related("raw_material")
            .prefetch_related("created_by")
        ),
        NUMBER,
    )
    material, person = batch.raw_material, batch.created_by
    with CaptureQueriesContext(connection) as asked:
        (found,) = whole.rows(batch.pk)
        assert found.raw_material == material
        assert found.created_by == person
    assert len(asked) == 2


def test_columns_alone_come_as_tuples_and_sums_as_numbers(receive: Receive) -> None:
    batch = receive()
    columns = Prepared(
        lambda pk: RawBatch.objects.filter(pk=pk).values_list("number", "weight_received"), NUMBER
    )
    assert columns.rows(batch.pk) == [(batch.number, batch.weight_received)]


def test_a_query_is_built_once_however_often_it_is_asked() -> None:
    built = 0

    def build(pk: int) -> QuerySet[Person]:
        nonlocal built
        built += 1
        return Person.objects.filter(pk=pk)

    by_key = Prepared(build, NUMBER)
    by_key.rows(1)
    by_key.rows(2)
    assert built == 1


def test_a_hole_that_the_query_does_not_ask_for_is_our_mistake() -> None:
    with pytest.raises(EngineError, match="hole"):
        Prepared(lambda pk: Person.objects.all(), NUMBER).rows(1)


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_of_a_transaction_is_refused_though_it_was_compiled_in_one() -> None:
    if not connection.features.has_select_for_update:  # SQLite locks all from the beginning
        return
    lock = Prepared(lambda pk: Person.objects.select_for_update().filter(pk=pk), NUMBER)
    with transaction.atomic():
        assert lock.rows(1) == []
    with pytest.raises(EngineError, match="outside of a transaction"):
        lock.rows(1)


def test_a_change_writes_what_is_in_its_holes_into_the_rows_that_its_holes_name() -> None:
    now = timezone.now()
    times = {"created_at": now, "retry_from": now, "next_try_at": now}
    one, other = (Notice.objects.create(event=name, chat_id=1, **times) for name in "ab")
    sent = Change(
        lambda: (
            Notice.objects.filter(pk=Hole(Notice, "id"), chat_id=Hole(Notice, "chat_id", "whose")),
            {
                **{name: Hole(Notice, name) for name in ("payload", "sent_at", "message_id")},
                "attempts": F("attempts") + 1,
                "last_error": "no",
            },
        )
    )
    values = {"payload": {"a": ["б", None]}, "sent_at": now, "message_id": None}
    assert sent(id=one.pk, whose=1, **values) == 1
    assert sent(id=one.pk, whose=1, **values | {"payload": [1], "message_id": 9}) == 1
    assert sent(id=other.pk, whose=2, **values) == 0
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.payload, one.sent_at, one.message_id) == ([1], now, 9)
    assert (one.attempts, one.last_error) == (2, "no")
    assert (other.payload, other.attempts, other.last_error) == ({}, 0, "")


def test_a_change_is_built_once_however_often_it_is_made() -> None:
    built = []

    def build() -> tuple[QuerySet[Person], dict[str, Hole]]:
        built.append(1)
        rows = Person.objects.filter(pk=Hole(Person, "id"))
        return rows, {"full_name": Hole(Person, "full_name")}

    rename = Change(build)
    rename(id=1, full_name="А")
    rename(id=2, full_name="Б")
    assert len(built) == 1


def test_what_is_fixed_is_written_out_and_what_is_a_hole_is_bound(receive: Receive) -> None:
    batch = receive(ttn_number="5 % d'or")
    asked: list[tuple[str, Any]] = []
    fixed = Prepared(
        lambda number: RawBatch.objects.filter(
            number=number, ttn_number="5 % d'or", tags_number=12
        ),
        TEXT,
    )
    stamped = Change(
        lambda: (
            RawBatch.objects.filter(pk=Hole(RawBatch, "id"), ttn_number="5 % d'or"),
            {"manufacturer": "d'or"},
        )
    )

    def remember(run: Callable[..., Any], sql: str, params: Any, *more: Any) -> Any:
        asked.append((sql, params))
        return run(sql, params, *more)

    with connection.execute_wrapper(remember):
        assert fixed.rows(str(batch.number)) == [batch]
        assert stamped(id=batch.pk) == 1
    (question, bound), (change, filled) = asked
    assert "'5 %% d''or'" in question
    assert "= 12" in question
    assert list(bound) == [batch.number]
    assert "'5 %% d''or'" in change
    assert list(filled) == [batch.pk]
    batch.refresh_from_db()
    assert batch.manufacturer == "d'or"


def test_rows_are_taken_away_and_a_sum_is_written_by_changes_with_holes() -> None:
    now = timezone.now()
    times = {"created_at": now, "retry_from": now, "next_try_at": now}
    for name in ("a", "b"):
        Notice.objects.create(event=name, chat_id=1, attempts=2, **times)
    tried = Change(
        lambda: (
            Notice.objects.filter(event=Hole(Notice, "event")),
            {"attempts": F("attempts") + Hole(Notice, "attempts", "more")},
        )
    )
    gone = Change(lambda: (Notice.objects.filter(event=Hole(Notice, "event")), None))
    assert tried(event="a", more=3) == 1
    assert gone(event="b") == 1
    assert gone(event="b") == 0
    assert list(Notice.objects.values_list("event", "attempts")) == [("a", 5)]


def test_a_change_tells_the_new_values_of_the_rows_that_it_changed() -> None:
    now = timezone.now()
    times = {"created_at": now, "retry_from": now, "next_try_at": now}
    Notice.objects.create(event="a", chat_id=1, attempts=2, **times)
    tried = Change(
        lambda: (
            Notice.objects.filter(event=Hole(Notice, "event")),
            {"attempts": F("attempts") + 1},
        ),
        "attempts",
        "chat_id",
    )
    assert tried.rows(event="a") == [(3, 1)]
    assert tried.rows(event="b") == []
    assert Notice.objects.values_list("attempts", flat=True).get() == 3


def test_a_query_set_whose_rows_are_made_another_way_is_our_mistake() -> None:
    with pytest.raises(EngineError, match="ValuesIterable"):
        Prepared(lambda: Person.objects.values("full_name")).rows()


def test_an_object_is_as_saved_as_one_that_django_reads(receive: Receive) -> None:
    batch = receive()
    (found,) = Prepared(
        lambda pk: RawBatch.objects.filter(pk=pk).defer("ttn_number").select_related("lot"), NUMBER
    ).rows(batch.pk)
    known = RawBatch.objects.defer("ttn_number").select_related("lot").get(pk=batch.pk)
    for one, other in ((found, known), (found.lot, known.lot)):
        assert (one._state.adding, one._state.db) == (other._state.adding, other._state.db)
        assert vars(one).keys() == vars(other).keys()
    assert found.get_deferred_fields() == {"ttn_number"}
    assert found.lot.raw_batch is found
    found.manufacturer = "Другой"
    found.save(update_fields=["manufacturer"])
    batch.refresh_from_db()
    assert batch.manufacturer == "Другой"
