"""Minced orders and their mixes on rows, by talking: planned, reserved, walked along the lines."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.ledger.models import Balance, Reservation
from crm.plant.talker import Talker
from crm.production.models import MincedOrder, Place, RawBatch, Waiting
from tests.crm.production.orders import line, new_order, rework
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal


@pytest.fixture
def stock(talker: Talker) -> list[RawBatch]:
    """Chilled каркас, СЛЧ and шея for recipe 1 (golden numbers D2)."""
    return [
        batch_in_stock("carcass", kg(2000), ("17.00", "13.00", "67.00"), "chilled"),
        batch_in_stock("slch", kg(1500), ("22.00", "12.00", "63.00"), "chilled"),
        batch_in_stock("neck", kg(600), ("14.00", "13.80", "69.00"), "chilled"),
    ]


def plan(talker: Talker, mixes: str = "3", line: str = "Линия 1", *more: str) -> MincedOrder:
    """Plan an order of 600 kg каркас, 250 kg СЛЧ and 150 kg шея by recipe 1."""
    talker.say("technologist", "/start", "[Новый фарш]", "[Добавить сырьё]", "[Каркас]")
    talker.say("technologist", "[2211/3…]", "600", "[Добавить сырьё]", "[СЛЧ]", "[2211/4…]", "250")
    talker.say("technologist", "[Добавить сырьё]", "[Шея]", "[2211/5…]", "150", "[Подтвердить]")
    talker.say("technologist", mixes, *more, "[Стандарт]", f"[{line}]", "[Текущая смена]")
    talker.say("technologist", "[Сегодня]", "[Сохранить]")
    return MincedOrder.objects.latest("id")


def test_a_planned_order_reserves_its_lines_and_its_first_mix_is_unpacked(
    talker: Talker, stock: list[RawBatch]
) -> None:
    order = plan(talker)
    assert (order.number, order.state, order.route) == ("Ф221120261/3", "active", "plate")
    assert (order.fat, order.protein, order.moisture) == (kg("17.80"), kg("12.87"), kg("66.30"))
    assert {row.kg for row in Reservation.objects.all()} == {kg(600), kg(250), kg(150)}
    states = list(order.mixes.order_by("index").values_list("number", "state", "line"))
    assert states == [
        ("Ф221120261/3/1", "unpacking", 1),
        ("Ф221120261/3/2", "queued", None),
        ("Ф221120261/3/3", "queued", None),
    ]
    phone = talker.phone("unpacker_line_1")
    assert phone.sees("Линия – 1\nНовый замес Стандарт замес – 1\nПартия Ф221120261/3…"), (
        phone.described()
    )
    assert phone.sees("…2211/3 Каркас – 200,0 кг\n2211/4 СЛЧ – 83,3 кг\n2211/5 Шея – 50,0 кг")


def test_a_mix_walks_along_its_line_to_the_laboratory(
    talker: Talker, stock: list[RawBatch]
) -> None:
    order = plan(talker)
    talker.say("unpacker_line_1", "[Замес растарен]")
    talker.say("press_line_1", "[Просепарировано]")
    talker.say("mixer_line_1", "[Перемешивание и анализ]")
    mix = order.mixes.get(index=1)
    assert mix.state == "in_lab"
    assert set(Place.objects.filter(record_id=mix.pk).values_list("resource", flat=True)) == {
        "mixer_line_1"
    }
    assert order.mixes.get(index=2).state == "unpacking"


def test_the_press_waits_for_the_mixer_and_the_mix_goes_by_itself(
    talker: Talker, stock: list[RawBatch]
) -> None:
    order = plan(talker)
    for _ in range(2):
        talker.say("unpacker_line_1", "[Замес растарен]")
        talker.after(minutes=5)
        phone = talker.say("press_line_1", "[Просепарировано]")
    assert phone.sees("…Ждите: в миксере замес Ф221120261/3/1 с …Замес перейдёт сам"), (
        phone.described()
    )
    assert order.mixes.get(index=2).state == "pressed"
    assert Balance.objects.filter(account="process").count() == 0


def test_what_a_queued_mix_waits_for_is_said(talker: Talker, stock: list[RawBatch]) -> None:
    order = plan(talker)
    second = order.mixes.get(index=2)
    why = Waiting.objects.get(record="mix", record_id=second.pk).why
    assert why.startswith("ждёт: растарка линии 1 занята замесом Ф221120261/3/1 с"), why


def test_why_an_order_waits_is_said_once_and_not_otherwise_by_every_look(
    talker: Talker, stock: list[RawBatch]
) -> None:
    order = plan(talker)
    why = Waiting.objects.get(record="minced_order", record_id=order.pk)
    assert why.why == "ждёт: замесы партии ещё в работе"
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            talker.sweep()
        assert not [one["sql"] for one in asked if 'INTO "production_waiting"' in one["sql"]]


def test_a_look_at_more_orders_at_work_asks_no_more(talker: Talker, stock: list[RawBatch]) -> None:
    def statements() -> int:
        talker.sweep()
        with CaptureQueriesContext(connection) as asked:
            talker.sweep()
        return len(asked)

    plan(talker)
    one = statements()
    for batch in stock:
        new_order([line(kg(30), batch)], 1)
    MincedOrder.objects.filter(state="new").update(state="active")
    assert statements() == one


def test_an_order_of_the_night_starts_at_seven_in_the_evening_or_by_its_button(
    talker: Talker, stock: list[RawBatch]
) -> None:
    talker.say("technologist", "/start", "[Новый фарш]", "[Добавить сырьё]", "[Каркас]")
    talker.say("technologist", "[2211/3…]", "[Все]", "[Подтвердить]", "2", "[Люкс]", "[Обе]")
    talker.say("technologist", "[Ночь]", "[Сегодня]", "[Сохранить]")
    order = MincedOrder.objects.get()
    begins = timezone.localtime(order.start_not_before)
    assert (order.state, order.is_night, f"{begins:%d.%m %H:%M}") == (
        "planned",
        True,
        "22.11 19:00",
    )
    talker.after(minutes=7 * 60 + 29)
    order.refresh_from_db()
    assert order.state == "planned"
    talker.after(minutes=1)
    order.refresh_from_db()
    assert order.state == "active"
    assert set(order.mixes.values_list("state", "line")) == {("unpacking", 1), ("unpacking", 2)}


def test_the_preview_of_pet_food_names_lots_recipes_and_how_far_a_recall_would_reach(
    talker: Talker,
) -> None:
    """Each row of вторфарш says its own lots, the second those that the first has left."""
    rework("30", age_days=1)
    rework("50", number=2)
    asked = ("/start", "[Создать фарш пет-фуд]", "[Добавить вторфарш]", "40", "[Добавить вторфарш]")
    phone = talker.say("technologist", *asked, "20")
    assert phone.sees(
        "…1. вторфарш – 40,000 кг: 2111/1/Вторфарш – 30,000 кг, 2211/2/Вторфарш – 10,000 кг\n"
        "2. вторфарш – 20,000 кг: 2211/2/Вторфарш – 20,000 кг\nИтого 60,000 кг. …"
        "Подходят рецепты: нет. Замес свяжет поставок: 0; при отзыве затронет паллетов: 0, …"
    ), phone.described()


def test_a_forecast_outside_the_norm_is_red_and_its_reason_is_kept_with_the_order(
    talker: Talker, stock: list[RawBatch]
) -> None:
    talker.say("technologist", "/start", "[Новый фарш]", "[Добавить сырьё]", "[СЛЧ]")
    phone = talker.say("technologist", "[2211/4…]", "300", "[Подтвердить]", "1", "[Люкс]")
    assert phone.sees(
        "…Прогноз вне нормы рецепта: прогноз Ж 22,00 🔴 Б 12,00 🔴 В 63,00 🔴. чтобы попасть в "
        "норму, добавьте 500 кг: Шея 2211/5…"
    ), phone.described()
    talker.say("technologist", "[Верно]", "проба рецепта", "[Линия 1]", "[Текущая смена]")
    talker.say("technologist", "[Сегодня]", "[Сохранить]")
    order = MincedOrder.objects.get()
    assert (order.recipe.name, order.forecast_reason) == ("Люкс", "проба рецепта")
