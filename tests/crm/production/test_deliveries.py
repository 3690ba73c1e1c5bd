"""Deliveries: taken once, numbered once, refused with everything kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.catalogue.models import RawMaterial, Supplier
from crm.ledger.models import Balance, Event, StateHistory
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.receive_into_stock import receive_into_stock
from crm.production.operations.refuse_delivery import refuse_delivery
from crm.production.operations.reverse_receipt import reverse_receipt
from crm.production.operations.take_delivery import take_delivery
from crm.quality.operations.decide_deviation import decide_deviation
from engine.errors import Refused
from engine.model.conversation import Actor, Bounds
from engine.model.effects import Measured
from engine.model.files import FileRef
from engine.ports import Context
from tests.crm.conftest import Ask

pytestmark = pytest.mark.django_db
Receive = Callable[..., RawBatch]
L1 = Bounds("receiving_temperature", None, Decimal("-8.0"), "°C", 1, "план ХАССП, ККТ-1")
PHOTO = FileRef("photo/2026/11/1", "0" * 64, 10, "image/jpeg")


def test_the_first_batch_of_a_day_is_number_three(receive: Receive) -> None:
    assert [receive().number, receive().number] == ["2211/3", "2211/4"]


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (datetime(2026, 12, 31, 20, 59, 59, tzinfo=UTC), "3112/3"),
        (datetime(2026, 12, 31, 21, 0, tzinfo=UTC), "0101/3"),
    ],
)
def test_the_date_in_the_number_is_the_plants(
    receive: Receive, moment: datetime, number: str
) -> None:
    assert receive(moment=moment).number == number


def test_the_same_date_of_the_next_year_begins_anew(receive: Receive, at: datetime) -> None:
    first, second = receive(), receive(moment=at.replace(year=2027))
    assert (first.full_number, second.full_number) == ("2026-2211/3", "2027-2211/3")
    assert (first.year_number, second.year_number) == (1, 1)


def test_the_ordinal_of_the_year_counts_accepted_batches_only(
    receive: Receive, receiver: Person, at: datetime
) -> None:
    receive()
    refuse_delivery(receiver, session=uuid4(), at=at)
    assert receive().year_number == 2


def test_two_saves_of_one_session_are_one_batch(receive: Receive) -> None:
    session = uuid4()
    first = receive(session=session)
    with pytest.raises(Refused):  # the state moved already
        receive(session=session)
    assert RawBatch.objects.get() == first
    assert Event.objects.count() == 1


def test_a_typed_new_name_becomes_a_row_with_a_code(receive: Receive, receiver: Person) -> None:
    receive(material="Шея утиная", supplier="Новый двор")
    receive(material=" шея  УТИНАЯ ", supplier="новый двор")
    made = RawMaterial.objects.get()
    assert (made.code, made.custom, made.created_by) == ("sheya_utinaya", True, receiver)
    assert Supplier.objects.count() == 1


@pytest.mark.parametrize("missing", ["company", "material", "condition", "supplier", "weight"])
def test_a_missing_answer_is_refused_with_the_question_to_ask_again(
    receiver: Person, answers: dict[str, Any], at: datetime, missing: str
) -> None:
    with pytest.raises(Refused) as refused:
        take_delivery(receiver, session=uuid4(), at=at, **{**answers, missing: None})
    assert refused.value.refusal.again == missing
    assert not RawBatch.objects.exists()


@pytest.mark.parametrize("weight", ["0", "-1", "40000.001"])
def test_a_mass_of_no_truck_is_refused(receive: Receive, weight: str) -> None:
    with pytest.raises(Refused):
        receive(weight=Decimal(weight))


def test_the_database_keeps_a_batch_in_stock_complete(
    receiver: Person, answers: dict[str, Any], at: datetime
) -> None:
    batch = take_delivery(receiver, session=uuid4(), at=at, **answers)
    with pytest.raises(IntegrityError, match="in_stock_has_number"), transaction.atomic():
        RawBatch.objects.filter(pk=batch.pk).update(state="received")


def test_measurements_keep_the_limit_as_it_was(
    receive: Receive, ask: Ask, technologist: Person, at: datetime
) -> None:
    session = uuid4()
    deviation = ask(session)
    decide_deviation(technologist, deviation_id=deviation.pk, state="approved", comment="", at=at)
    measured = [
        Measured("body_temp", Decimal("-5.5"), L1, str(deviation.pk), True),
        Measured("product_temp", Decimal("-8.0"), L1),
        Measured("skipped", None, L1),
    ]
    batch = receive(session=session, measurements=measured)
    kept = {one.name: one for one in batch.lot.measurements.all()}
    assert set(kept) == {"body_temp", "product_temp"}
    assert (kept["body_temp"].within, kept["product_temp"].within) == (False, True)
    assert kept["body_temp"].deviation == deviation
    assert (kept["body_temp"].most, kept["body_temp"].limit_source) == (-8, "план ХАССП, ККТ-1")
    assert list(batch.lot.deviations.all()) == [deviation]


def test_an_undecided_deviation_keeps_the_batch_out(receive: Receive, ask: Ask) -> None:
    session = uuid4()
    ask(session)
    with pytest.raises(Refused, match="решение не принято"):
        receive(session=session)


def test_a_refused_delivery_keeps_answers_and_photos_and_gets_neither_number_nor_stock(
    receiver: Person, answers: dict[str, Any], at: datetime
) -> None:
    session = uuid4()
    partial = {name: answers[name] for name in ("company", "material", "condition", "body_temp")}
    batch = refuse_delivery(
        receiver, session=session, at=at, files={"body_temp": [PHOTO]}, reason="тепло", **partial
    )
    again = refuse_delivery(receiver, session=session, at=at)
    assert again == batch
    assert (batch.state, batch.number, batch.lot.born) == ("refused", None, None)
    assert str(batch.raw_material) == "Каркас"
    assert [file.key for file in batch.lot.files.all()] == [PHOTO.key]
    assert not Balance.objects.exists()
    assert StateHistory.objects.get().reason == "тепло"


def cancel(by: Person, batch: RawBatch, at: datetime) -> None:
    """Cancel a received batch as the production office does."""
    actor = Actor(str(by.pk), by.full_name, frozenset({"production_office"}))
    context = Context(actor, "", at)
    DjangoOperations(program()).fire(row_of(batch), "cancel", context, "не та партия")
    batch.refresh_from_db()


def test_a_receipt_is_posted_once(receive: Receive, receiver: Person, at: datetime) -> None:
    batch = receive()
    assert receive_into_stock(receiver, batch=batch, at=at) == "2211/3"
    assert Event.objects.count() == 1


def test_cancelling_takes_the_kilograms_back_and_the_number_stays_taken(
    receive: Receive, receiver: Person, at: datetime
) -> None:
    batch = receive()
    cancel(receiver, batch, at)
    event = Event.objects.get(reverses__isnull=False)
    assert reverse_receipt(receiver, batch=batch, reason="ещё раз", at=at) == event
    assert (batch.state, batch.number) == ("cancelled", "2211/3")
    assert not RawBatch.objects.in_stock().exists()
    batch.lot.refresh_from_db()
    assert batch.lot.born is None
    assert receive().number == "2211/4"


def test_a_batch_with_a_reservation_is_not_cancelled(
    receive: Receive, receiver: Person, at: datetime
) -> None:
    batch = receive()
    Balance.objects.filter(account="raw_store").update(reserved=Decimal("0.001"))
    with pytest.raises(Refused, match="уже использовано или в резерве"):
        cancel(receiver, batch, at)
    batch.refresh_from_db()
    assert batch.state == "received"


def test_each_change_raises_the_version(receive: Receive, receiver: Person, at: datetime) -> None:
    batch = receive()
    before = batch.version
    cancel(receiver, batch, at)
    assert batch.version == before + 1


def test_sessions_are_told_apart_by_their_id(receive: Receive) -> None:
    assert receive(session=UUID(int=1)) != receive(session=UUID(int=2))
