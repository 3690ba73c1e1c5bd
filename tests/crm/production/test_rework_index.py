"""The weekly index of вторфарш on rows (domain 14.4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.fact import Line
from crm.people.models import Person
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import Mix, SecondMinced
from crm.production.operations.register_second_minced import register_second_minced
from crm.production.operations.undo_discharge import undo_discharge
from crm.production.operations.write_off_mix import write_off_mix
from crm.production.rework_index import rework_index
from tests.crm.production.orders import line, planned, rework
from tests.crm.production.stock import batch_in_stock
from tests.seeded import seed

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
REWORK = 17  # number of a recipe that takes вторфарш
kg = Decimal


@pytest.fixture
def talker(db: None) -> Iterator[Talker]:
    """A talker of a plant that began an hour ago: its weeks are counted from then."""
    with PlantClock(START) as clock:
        seed()
        talker = Talker(clock)
        talker.after(minutes=60)
        yield talker


def discharged(made_of: Line, mixes: int, recipe: int = 1) -> list[Mix]:
    """Return the mixes of an order after they have left the mixer."""
    order = planned([made_of], mixes, recipe)
    for mix in order.mixes.order_by("index"):
        write_off_mix(None, at=timezone.localtime(), mix=mix)
        Mix.objects.filter(pk=mix.pk).update(state="on_pallets", quality="passed")
    return list(order.mixes.order_by("index"))


def of_rework() -> list[Mix]:
    """Return two mixes of one lot of вторфарш, which came before this week."""
    second = rework("60", number=90)
    before = timezone.now() - timedelta(days=8)
    SecondMinced.objects.filter(pk=second.pk).update(registered_at=before)
    return discharged(line("60"), mixes=2, recipe=REWORK)


def taken(mix: Mix) -> SecondMinced:
    """Register вторфарш out of one mix."""
    second = register_second_minced(
        Person.objects.holding("technologist").earliest("id"), session=uuid4(),
        at=timezone.localtime(), kind=SecondMinced.Kind.REWORK, net=kg(100),
        produced_on=timezone.localdate(), key=str(uuid4()), mix=mix,
    )  # fmt: skip
    SecondMinced.objects.filter(pk=second.pk).update(state="registered")
    return second


def test_what_one_lot_feeds_is_multiplied_by_the_share_of_mixes_that_give(talker: Talker) -> None:
    carcass = batch_in_stock("carcass", kg(500), condition="chilled")
    first, *_ = discharged(line("500", carcass), mixes=2)
    taken(first)
    assert rework_index(timezone.now()) == 0  # nothing was fed
    *_, last = of_rework()
    assert rework_index(timezone.now()) == kg("0.5")  # 2 mixes of one lot, 1 of 4 mixes gave
    cancelled = taken(last)
    assert rework_index(timezone.now()) == kg(1)  # 2 of 4
    SecondMinced.objects.filter(pk=cancelled.pk).update(state="cancelled")
    assert rework_index(timezone.now()) == kg("0.5")
    assert rework_index(timezone.now() + timedelta(days=8)) == 0


def test_a_mix_that_was_taken_back_into_the_mixer_is_none_of_the_week(talker: Talker) -> None:
    carcass = batch_in_stock("carcass", kg(500), condition="chilled")
    back, *_ = discharged(line("500", carcass), mixes=2)
    *_, last = of_rework()
    taken(last)
    assert rework_index(timezone.now()) == kg("0.5")  # 2 mixes of one lot, 1 of 4 mixes gave
    undo_discharge(None, at=timezone.localtime(), mix=back, reason="не та партия")
    Mix.objects.filter(pk=back.pk).update(state="ready_to_discharge")
    assert rework_index(timezone.now()) == kg("0.67")  # 1 of 3


def test_the_quality_manager_is_told_when_the_week_is_over_if_it_is_high(talker: Talker) -> None:
    for mix in of_rework():
        taken(mix)
    assert rework_index(timezone.now()) == kg(2)
    monday = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 07:00 of the plant, a day after it opened
    talker.wait_until(monday - timedelta(minutes=2))
    assert not talker.phone("quality_manager").sees("🔴 Индекс вторфарша…")
    talker.wait_until(monday + timedelta(minutes=2))
    for who in ("quality_manager", "technologist"):
        assert talker.phone(who).sees("🔴 Индекс вторфарша за неделю 2: …"), talker.phone(
            who
        ).described()
