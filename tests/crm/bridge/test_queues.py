"""What a queue costs: the records that its order asks for are read with it, however long it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.bridge.facts import DjangoFacts
from crm.bridge.just_read import JustRead
from crm.bridge.lives import LockedRecords
from crm.outbox.models import Notice
from crm.production.models import RawBatch
from crm.work.models import ALIVE, Session
from engine.model.values import Row
from tests.offered import program


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


def test_what_waits_is_found_by_its_index_however_much_was_sent_before(db: None) -> None:
    if connection.vendor != "sqlite":  # PostgreSQL scans tables this small
        return
    for rows, index in (
        (Notice.objects.due(timezone.now()), "notice_waiting_by_time"),
        (Notice.objects.waiting(), "notice_waiting_by_time"),
        (Session.objects.filter(ALIVE, state="talking"), "session_live_in_chat"),
    ):
        assert index in rows.explain(), rows.explain()
