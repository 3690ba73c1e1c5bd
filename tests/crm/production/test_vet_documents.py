"""Veterinary documents of a delivery: what the scripted search finds, what is kept, an expected
delivery that goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from crm.bridge.facts import DjangoFacts
from crm.bridge.jobs import DjangoJobs
from crm.jobs.functions.vet_search import after, search
from crm.ledger.models import Lot
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.take_delivery import take_delivery
from engine.errors import Refused
from engine.model.values import Option, Row

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def found(number: str) -> Row:
    return search({"ttn_number": number}, NOW)


def outcome(row: Row) -> str:
    value = row.fields["outcome"]
    assert isinstance(value, Option)
    return value.code


def documents(row: Row) -> tuple[Row, ...]:
    value = row.fields["documents"]
    assert isinstance(value, tuple)
    return tuple(one for one in value if isinstance(one, Row))


@pytest.mark.parametrize(
    ("number", "comes_to", "count"),
    [
        ("OK-1", "found", 1), ("ok-3", "found", 3), ("NONE", "not_found", 0),
        ("REJ", "rejected", 0), ("SLOW", "found", 1), ("TIMEOUT", "timed_out", 0),
        ("ERR500", "unavailable", 0), ("EXPIRED", "found", 1), ("WITHDRAWN", "found", 2),
        (" 4471 ", "not_found", 0),
    ],
)  # fmt: skip
def test_the_number_selects_what_is_found(number: str, comes_to: str, count: int):
    assert outcome(found(number)) == comes_to
    assert len(documents(found(number))) == count


def test_three_documents_have_two_senders_and_what_is_left_is_counted_from_today():
    rows = documents(found("OK-3"))
    assert len({str(one.fields["sender"]) for one in rows}) == 2
    assert [one.fields["shelf_days"] for one in rows] == [180, 120, 90]
    assert rows[0].fields["expires"] == date(2026, 11, 22) + timedelta(days=180)
    assert documents(found("EXPIRED"))[0].fields["shelf_days"] == 0


def test_a_slow_search_takes_four_minutes_and_one_without_an_answer_longer_than_is_waited():
    assert after({"ttn_number": "SLOW"}) == timedelta(minutes=4)
    assert after({"ttn_number": "TIMEOUT"}) > timedelta(minutes=5)


@pytest.mark.django_db
def test_a_job_is_done_when_its_time_has_come_and_not_before():
    jobs, identity = DjangoJobs(), str(uuid4())
    jobs.start("vet_search", identity, {"ttn_number": "SLOW"}, str(uuid4()), 101)
    state = jobs.state(identity)
    assert state is not None
    jobs.sweep(state.started_at + timedelta(minutes=3))
    assert getattr(jobs.state(identity), "status", "") == "running"
    assert jobs.next_due() == state.started_at + timedelta(minutes=4)
    jobs.sweep(state.started_at + timedelta(minutes=4))
    done = jobs.state(identity)
    assert done is not None
    assert done.result is not None
    assert outcome(done.result) == "found"


def test_a_document_that_was_withdrawn_cannot_be_added():
    rows = DjangoFacts().ask("addable_documents", (found("WITHDRAWN"),))
    assert isinstance(rows, tuple)
    assert [str(row.title) for row in rows if isinstance(row, Row)] == ["ВСД-2"]


def test_the_chosen_documents_are_kept_one_by_one(
    receiver: Person, answers: dict[str, Any], at: datetime
):
    chosen = [one.fields for one in documents(found("OK-3"))[:2]]
    assert chosen[0]["sender"] == chosen[1]["sender"]
    batch = take_delivery(
        receiver, session=uuid4(), at=at, documents=chosen, weight_vet=Decimal(13500),
        min_shelf_days=120, weight_diff_reason="Недовес", **{**answers, "supplier": "Посредник"},
    )  # fmt: skip
    kept = list(batch.vet_documents.all())
    assert [(one.doc_number, one.weight, one.shelf_days) for one in kept] == [
        ("ВСД-1", Decimal(6500), 180), ("ВСД-2", Decimal(7000), 120),
    ]  # fmt: skip
    assert (batch.weight_vet, batch.min_shelf_days) == (Decimal(13500), 120)
    assert batch.weight_diff_reason == "Недовес"
    assert batch.organization == chosen[0]["sender"]  # of the act (domain 10.4)


def test_the_act_of_a_delivery_without_documents_names_its_supplier(
    receiver: Person, answers: dict[str, Any], at: datetime
):
    batch = take_delivery(receiver, session=uuid4(), at=at, **answers)
    assert batch.supplier is not None
    assert batch.organization == batch.supplier.name  # domain 10.4


def expected(receiver: Person, at: datetime) -> RawBatch:
    return RawBatch.objects.create(
        state=RawBatch.State.EXPECTED, session=uuid4(), year=2026, condition="frozen",
        lot=Lot.objects.create(kind=Lot.Kind.RAW_BATCH), expected_date=date(2026, 11, 22),
        expected_weight=Decimal(6500), created_at=at, created_by=receiver,
    )  # fmt: skip


def test_an_expected_delivery_goes_on_as_the_same_record(
    receiver: Person, answers: dict[str, Any], at: datetime
):
    waiting = expected(receiver, at)
    listed = DjangoFacts().ask("expected_deliveries", ())
    assert isinstance(listed, tuple)
    assert [row.id for row in listed if isinstance(row, Row)] == [str(waiting.pk)]
    batch = take_delivery(receiver, session=uuid4(), at=at, expected=waiting, **answers)
    assert (batch.pk, batch.lot_id) == (waiting.pk, waiting.lot_id)
    assert batch.weight_received == Decimal("18250.500")
    assert RawBatch.objects.count() == 1


def test_an_expected_delivery_that_was_taken_meanwhile_is_refused(
    receiver: Person, answers: dict[str, Any], at: datetime
):
    waiting = expected(receiver, at)
    waiting.state = RawBatch.State.CANCELLED
    waiting.save()
    with pytest.raises(Refused, match="уже приняли или отменили"):
        take_delivery(receiver, session=uuid4(), at=at, expected=waiting, **answers)
