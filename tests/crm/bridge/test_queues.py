"""What a queue costs: the records that its order asks for are read with it, however long it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.asked_once import remembering
from crm.bridge import lives
from crm.bridge.facts import DjangoFacts
from crm.bridge.just_read import JustRead
from crm.bridge.lives import LockedRecords, make_lives
from crm.bridge.operations import DjangoOperations
from crm.office.whereabouts import STANDS
from crm.outbox.models import Notice
from crm.production.models import FreezerLoad, MincedOrder, RawBatch
from crm.production.operations.reserve_order import reserve_order
from crm.work.models import ALIVE, Session, Task
from crm.written import written
from engine.model.values import Row
from engine.run.dispatcher import sweep
from tests.crm.production.orders import line, new_order
from tests.crm.production.stock import batch_in_stock
from tests.offered import program
from tests.seeded import seed


def test_a_longer_queue_asks_for_what_it_leads_to_no_more_often(
    receive: Callable[..., RawBatch],
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            rows = LockedRecords(program()).standing("raw_batch", "state", "received")
            for row in rows:
                material = row.fields["raw_material"]
                assert isinstance(material, Row)
                assert material.title == "Каркас"
        return len(asked)

    receive()
    receive()
    few = statements()
    receive()
    receive()
    assert statements() == few


def test_a_fact_about_what_was_just_read_reads_it_no_second_time_until_something_is_written(
    receive: Callable[..., RawBatch],
) -> None:
    receive()
    read = JustRead()
    records, facts = LockedRecords(program(), read), DjangoFacts(read)
    (row,) = records.standing("raw_batch", "state", "received")

    def statements(facts: DjangoFacts, row: Row) -> int:
        with CaptureQueriesContext(connection) as asked:
            facts.ask("is_used_up", (row,))
        return len(asked)

    reading = statements(DjangoFacts(), row)
    assert statements(facts, row) == reading - 1
    assert statements(facts, replace(row)) == reading  # another record of the same id
    read.forget()
    assert statements(facts, row) == reading


def test_queues_that_were_looked_at_together_are_locked_by_one_statement_until_a_write(
    receive: Callable[..., RawBatch],
) -> None:
    batch = receive()
    records = LockedRecords(program())
    queues = [("raw_batch", "state", ("received",)), ("blank", "state", ("planned", "weighed"))]

    def look() -> tuple[int, int]:
        """Return how many statements lock, and how many are asked at all."""
        with CaptureQueriesContext(connection) as asked:
            for kind, field, states in queues:
                records.standing(kind, field, *states)
            assert records.get("raw_batch", str(batch.pk)) is not None
        return sum(" FOR UPDATE" in query["sql"] for query in asked), len(asked)

    locks = connection.features.has_select_for_update
    with transaction.atomic(), remembering():
        with CaptureQueriesContext(connection) as asked:
            records.look(queues, [("raw_batch", str(batch.pk))])
        assert len(asked) == (2 if locks else 1)  # what every look asks is read by one
        assert look()[0] == 0
        assert look() == (0, 0)
        batch.save()
        assert look()[0] == (2 if locks else 0)  # who joined a queue; the record's own lock stands


def test_a_queue_is_read_with_what_every_look_asks_unless_it_was_long(
    receive: Callable[..., RawBatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = receive()
    records, queue = LockedRecords(program()), ("raw_batch", "state", ("received",))
    monkeypatch.setattr(lives, "LONG", set())

    def asked() -> int:
        """Return how many statements read a queue that was looked at."""
        with transaction.atomic(), remembering():
            records.look([queue], ())
            with CaptureQueriesContext(connection) as own:
                assert [row.id for row in records.standing("raw_batch", "state", "received")] == [
                    str(batch.pk)
                ]
        return len(own)

    assert asked() == 0
    monkeypatch.setattr(lives, "SHORT", 0)
    assert [asked(), asked()] == [0, 1]  # how long it is, is known once it was read
    monkeypatch.setattr(lives, "SHORT", 1)
    assert [asked(), asked()] == [1, 0]


def test_what_tasks_stand_while_a_condition_holds_is_locked_with_the_queues() -> None:
    assert ("pallet", "state", ("open",)) in program().kept
    assert set(program().kept).isdisjoint(program().queues.values())


def test_records_that_were_looked_at_together_are_read_by_one_query_a_kind(
    receive: Callable[..., RawBatch],
) -> None:
    batches = [("raw_batch", str(receive().pk)) for _ in range(3)]
    records = LockedRecords(program())
    with transaction.atomic(), remembering():
        with CaptureQueriesContext(connection) as asked:
            records.look((), batches)
        locks = connection.features.has_select_for_update
        assert len(asked) == (3 if locks else 2)  # what every look asks is read by one
        with CaptureQueriesContext(connection) as asked:
            found = [records.get(*one) for one in batches]
        assert [(one.kind, one.id) for one in found if one] == batches
        assert not asked


@pytest.mark.django_db(transaction=True)
def test_who_looks_at_queues_waits_for_whoever_moves_a_record_of_them(
    receive: Callable[..., RawBatch],
) -> None:
    if connection.vendor == "sqlite":  # a transaction that writes is alone
        return
    batch = receive()
    others = connection.copy()
    with transaction.atomic(), remembering():
        LockedRecords(program()).look(
            [("raw_batch", "state", ("received",))], [("raw_batch", str(batch.pk))]
        )
        with others.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
            with pytest.raises(OperationalError):
                cursor.execute("UPDATE production_rawbatch SET version = version + 1")
    others.close()


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_a_sweep_waits_for_nobody_and_lets_none_pass_a_record_that_somebody_holds(
    db: None,
) -> None:
    seed()
    order = new_order(
        [line("800", batch_in_stock("carcass", Decimal(4_000), condition="chilled"))], 3
    )
    reserve_order(None, at=timezone.localtime(), order=order)
    MincedOrder.objects.update(state="active")
    order.mixes.update(state="queued")
    first = order.mixes.get(index=1)
    operations, others = DjangoOperations(program()), connection.copy()

    def look() -> int:
        with transaction.atomic():
            lives = make_lives(operations.program, operations.run)
            return sweep(lives, timezone.localtime())

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    with others.cursor() as cursor:
        others.set_autocommit(False)
        cursor.execute("SELECT 1 FROM production_mix WHERE id = %s FOR UPDATE", [first.pk])
        assert look() == 0
        assert {*order.mixes.values_list("state", flat=True)} == {"queued"}
        others.rollback()
    others.close()
    assert look() > 0
    first.refresh_from_db()
    assert first.state == "unpacking"
    assert {*order.mixes.exclude(pk=first.pk).values_list("state", flat=True)} == {"queued"}


def test_what_waits_is_found_by_its_index_however_much_was_sent_before(db: None) -> None:
    if connection.vendor != "sqlite":  # PostgreSQL scans tables this small
        return
    for rows, index in (
        (Notice.objects.due(timezone.now()), "notice_waiting_by_time"),
        (Notice.objects.waiting(), "notice_waiting_by_time"),
        (Session.objects.filter(state__in=written(ALIVE)), "session_live_in_chat"),
        (Task.objects.waiting(), "task_waiting_by_age"),
        (Task.objects.overdue(timezone.now()), "task_waiting_by_age"),
    ):
        assert index in rows.explain(), rows.explain()
    # Which of two indexes a small table is read by says nothing: the states are not bound.
    sql, bound = FreezerLoad.objects.filter(STANDS).query.sql_with_params()
    assert (not bound, "IN ('new', 'freezing', 'due', 'overdue')" in sql) == (True, True)
