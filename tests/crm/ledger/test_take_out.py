"""What leaves a store beside production: scrap, samples, what a stocktake finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from crm.ledger.models import Account, Balance, Event, Lot
from crm.ledger.operations.adjust import adjust
from crm.ledger.operations.sample import sample
from crm.ledger.operations.scrap import scrap
from crm.ledger.stock import physical
from crm.people.models import Person
from crm.production.models import RawBatch
from engine.errors import Refused

pytestmark = pytest.mark.django_db
WHY = "пролито при погрузке"


@pytest.fixture
def lot(receive: Callable[..., RawBatch]) -> Lot:
    return receive(weight=Decimal(100)).lot


def on(lot: Lot, account: Account) -> Decimal:
    return Balance.objects.get(lot=lot, account=account).physical


def test_what_is_thrown_away_is_off_the_store_and_on_scrap_once(
    lot: Lot, receiver: Person, at: datetime
) -> None:
    session = uuid4()
    for _ in range(2):
        scrap(receiver, lot=lot, kg=Decimal("0.5"), reason=WHY, session=session, at=at)
    assert (str(physical(lot)), str(on(lot, Account.SCRAP))) == ("99.500", "0.500")


def test_a_sample_is_off_the_store_and_on_samples(lot: Lot, receiver: Person, at: datetime) -> None:
    sample(receiver, lot=lot, kg=Decimal("0.2"), session=uuid4(), at=at)
    assert (str(physical(lot)), str(on(lot, Account.SAMPLE))) == ("99.800", "0.200")


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_nothing_is_neither_thrown_away_nor_sampled(
    lot: Lot, receiver: Person, at: datetime, amount: str
) -> None:
    with pytest.raises(Refused, match="больше нуля"):
        scrap(receiver, lot=lot, kg=Decimal(amount), reason=WHY, session=uuid4(), at=at)
    with pytest.raises(Refused, match="больше нуля"):
        sample(receiver, lot=lot, kg=Decimal(amount), session=uuid4(), at=at)


def test_scrap_needs_a_reason(lot: Lot, receiver: Person, at: datetime) -> None:
    with pytest.raises(Refused, match="причину"):
        scrap(receiver, lot=lot, kg=Decimal(1), reason="  ", session=uuid4(), at=at)


@pytest.mark.parametrize("counted", ["50", "99.999", "150"])
def test_a_stocktake_brings_the_books_to_what_was_counted_once(
    lot: Lot, receiver: Person, at: datetime, counted: str
) -> None:
    session = uuid4()
    for _ in range(2):
        adjust(receiver, lot=lot, counted=Decimal(counted), reason=WHY, session=session, at=at)
    assert physical(lot) == Decimal(counted)
    assert on(lot, Account.ADJUST) == 100 - Decimal(counted)


def test_a_stocktake_that_agrees_writes_nothing(lot: Lot, receiver: Person, at: datetime) -> None:
    found = adjust(receiver, lot=lot, counted=Decimal(100), reason=WHY, session=uuid4(), at=at)
    assert found is None
    assert not Event.objects.filter(kind="adjust").exists()


def test_a_difference_above_50_kg_needs_a_second_person(
    lot: Lot, receiver: Person, technologist: Person, at: datetime
) -> None:
    counted, session = Decimal("49.999"), uuid4()
    for second in (None, receiver):
        with pytest.raises(Refused, match="Разница 50,001 кг больше 50 кг"):
            adjust(
                receiver, lot=lot, counted=counted, reason=WHY, session=session, at=at,
                second=second,
            )  # fmt: skip
    event = adjust(
        receiver, lot=lot, counted=counted, reason=WHY, session=session, at=at, second=technologist
    )
    assert event is not None
    assert event.reason == f"{WHY} (Орлова М. С.)"


def test_a_stock_is_not_counted_below_nothing(lot: Lot, receiver: Person, at: datetime) -> None:
    with pytest.raises(Refused, match="меньше нуля"):
        adjust(receiver, lot=lot, counted=Decimal(-1), reason=WHY, session=uuid4(), at=at)
