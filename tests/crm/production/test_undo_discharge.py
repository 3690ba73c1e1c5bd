"""A mix that is taken back into the mixer: its write-off, its freezer, its order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.bridge.records import row_of
from crm.catalogue.models import Freezer
from crm.ledger.models import Balance
from crm.ledger.verify import verify
from crm.people.models import Person
from crm.plant.clock import PlantClock
from crm.production.models import FreezerLoad, MincedOrder, Mix, Place
from crm.production.operations.load_plate_freezer import load_plate_freezer
from crm.production.operations.release_order import release_order
from crm.production.shares import share_of
from engine.errors import Refused
from engine.model.values import Row
from tests.crm.production.orders import fire, line, planned
from tests.crm.production.stock import batch_in_stock
from tests.seeded import seed

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
kg = Decimal


@pytest.fixture
def mix(db: None) -> Iterator[Mix]:
    """A mix of 300 kg in plate freezer 1, one of three of its order."""
    seed()
    with PlantClock(START):
        batch = batch_in_stock("carcass", kg(900), condition="chilled")
        order = planned([line("900", batch)], 3)
        MincedOrder.objects.filter(pk=order.pk).update(state="active")
        mix = order.mixes.get(index=1)
        freezer = Freezer.objects.get(kind="plate", number=1)
        who = Person.objects.holding("mixer_line_1").first()
        assert who is not None
        load = load_plate_freezer(who, at=timezone.localtime(), mix=mix, freezer=freezer)
        fire(mix, "discharge", who="mixer_line_1")
        fire(load, "load", who="mixer_line_1")
        yield mix


def test_a_mix_taken_back_frees_its_freezer_and_its_order_keeps_its_share(mix: Mix) -> None:
    assert Place.objects.get(record="freezer_load").resource == "plate_freezers/1"
    fire(mix, "undo_discharge", "не тот замес", who="production_office")
    mix.refresh_from_db()
    assert mix.state == "ready_to_discharge"
    assert FreezerLoad.objects.get().state == "voided"
    assert {place.resource for place in Place.objects.all()} == {"mixer_line_1"}
    balance = Balance.objects.get(account="raw_store")
    assert (balance.physical, balance.reserved) == (kg(900), kg(900))
    assert not [found for found in verify() if found.count]


def test_a_mix_is_not_taken_back_into_a_mixer_that_holds_another(mix: Mix) -> None:
    Place.objects.create(
        resource="mixer_line_1", slot=1, record="mix", record_id="0", title="замес",
        lifecycle="mix", since=timezone.now(),
    )  # fmt: skip
    with pytest.raises(Refused, match="Миксер линии 1"):
        fire(mix, "undo_discharge", "не тот замес", who="production_office")
    mix.refresh_from_db()
    assert mix.state == "in_plate_freezer"


def test_an_order_that_was_finished_is_at_work_again(mix: Mix) -> None:
    assert mix.order is not None
    MincedOrder.objects.filter(pk=mix.order.pk).update(state="finished")
    fire(mix, "undo_discharge", "не тот замес", who="production_office")
    mix.order.refresh_from_db()
    assert mix.order.state == "active"


def test_a_reopened_order_plans_no_more_than_it_still_keeps(mix: Mix) -> None:
    order = mix.order
    assert order is not None
    for other in order.mixes.exclude(pk=mix.pk):
        Mix.objects.filter(pk=other.pk).update(state="cancelled")
    release_order(None, order=order)
    MincedOrder.objects.filter(pk=order.pk).update(state="finished")
    fire(mix, "undo_discharge", "не тот замес", who="production_office")
    mix.refresh_from_db()
    order.refresh_from_db()
    assert order.state == "active"
    (item,) = order.items.all()
    assert (item.kg_planned, item.kg_released) == (kg(900), kg(600))
    assert share_of(mix) == [(item, kg(300))]
    assert not [found for found in verify() if found.count]
    fire(mix, "discharge", who="mixer_line_1")
    balance = Balance.objects.get(account="raw_store")
    assert (balance.physical, balance.reserved) == (kg(600), kg(0))
    assert not [found for found in verify() if found.count]


def test_a_changed_plan_of_a_reopened_order_counts_from_what_it_still_keeps(mix: Mix) -> None:
    order = mix.order
    assert order is not None
    order.mixes.exclude(pk=mix.pk).update(state="cancelled")
    release_order(None, order=order)
    MincedOrder.objects.filter(pk=order.pk).update(state="finished")
    fire(mix, "undo_discharge", "не тот замес", who="production_office")
    order.refresh_from_db()
    item = order.items.get()
    for mass in ("250", "300"):
        changed = Row("changed_line", "0", "", {"item": row_of(item), "kg": kg(mass)})
        fire(order, "change", "другая масса", number_mix=1, items=(changed,), again=())
        item.refresh_from_db()
        assert (item.kg_planned, item.kg_released) == (kg(mass), kg(0))
        assert Balance.objects.get(account="raw_store").reserved == kg(mass)
    assert not [found for found in verify() if found.count]
