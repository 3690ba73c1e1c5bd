"""Weights and first numbers of the plant are reference data with versions (domain 13.7): what the
office changes holds at once, for forms and operations alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.boxes import box_net
from crm.production.facts.box_tare import FACT as TARE
from crm.production.facts.buffer_boxes import FACT as BOXES
from crm.production.operations.fill_buffer_pallet import fill_buffer_pallet
from crm.quality.models import LimitVersion
from crm.quality.operations.new_limit import new_limit
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import now, pet_food_out, who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
kg = Decimal


def changed(name: str, least: str | None, most: str | None) -> None:
    (case,) = LimitVersion.objects.in_force(name, now())
    bounds = {"least": least and kg(least), "most": most and kg(most)}
    new_limit(who(), case=case, **bounds, reason="новая тара", at=now())  # type: ignore[arg-type]


def test_a_box_weighs_what_the_office_says() -> None:
    assert (TARE.answer(), box_net(kg(812), 40, kg(21))) == (kg("1.6"), kg(727))
    changed("box_tare_weight", None, "2")
    assert (TARE.answer(), box_net(kg(812), 40, kg(21))) == (kg(2), kg(711))
    assert LimitVersion.objects.filter(name="box_tare_weight").count() == 2


def test_boxes_of_a_plant_that_is_not_seeded_with_their_limits_are_those_of_13_7() -> None:
    changed("box_tare_weight", None, "2")
    changed("buffer_pallet_boxes", None, "40")
    assert (TARE.answer(), BOXES.answer()) == (kg(2), 40)
    with PlantClock(datetime(2000, 1, 1, tzinfo=UTC)):  # no row of any limit had begun
        assert (TARE.answer(), BOXES.answer()) == (kg("1.6"), 45)
        assert box_net(kg(812), 40, kg(21)) == kg(727)


def test_a_buffer_pallet_takes_as_many_boxes_as_the_office_says(talker: Talker) -> None:
    mix = pet_food_out()
    changed("buffer_pallet_boxes", None, "40")
    assert BOXES.answer() == 40
    phone = talker.say(
        "freezer_storekeeper", "/start", "[Заморозка фарша пет-фуд]", "[Заморозка остатков]",
        "[Создать буферный паллет]", "9", "42", "[Готово]", "840", "20", "[Позже]", "[Сохранить]",
    )  # fmt: skip
    assert phone.sees("Буферный паллет 9: 40 из 40 коробок, нетто 756,000 кг…"), phone.described()
    pallet = fill_buffer_pallet(
        who(), at=now(), pallet=None, pallet_number=10, box_count=50, sources=[mix],
        gross=kg(840), pallet_weight=kg(20),
    )  # fmt: skip
    assert pallet.box_count == 40


def test_the_numbers_of_a_day_begin_where_the_office_says() -> None:
    changed("first_number", "7", None)
    batch = batch_in_stock("carcass", kg(3000), condition="chilled")
    assert str(batch.number).endswith("/7")
    assert str(planned([line("900", batch)], 1)).endswith("/7")
