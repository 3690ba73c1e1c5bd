"""X7, X66: by whatever route, all goods end in the store and can leave it."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from crm.ledger.models import Balance, StateHistory
from crm.plant.talker import Talker
from crm.production.models import FreezerLoad, Mix, Pallet
from crm.production.shippable import NO_ASH, why_not
from crm.quality.models import Hold
from crm.quality.operations.release_hold import release_hold
from tests.crm.faults.plant import at_work, waiting, who
from tests.crm.faults.test_lines import ANALYSED, PRESSED, SAMPLED, UNPACKED, do
from tests.crm.production.orders import fire, line, new_order, rework
from tests.crm.production.pallets import pet_food_out
from tests.crm.production.stock import batch_in_stock
from tests.crm.walk import ship

pytestmark = pytest.mark.django_db
kg = Decimal
WEIGHTS = ("40", "340,5", "22", "18,5", "{photo}", "[Продолжить]")
NET = kg(300)


def by_plate(talker: Talker) -> None:
    """A mix of line 1 through a plate freezer."""
    batch = batch_in_stock("carcass", kg(1000), ("15.00", "13.50", "68.00"), "chilled")
    at_work(talker, batch, "350", 1)
    do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED)
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]", "[Загрузить]")
    talker.after(minutes=151)
    talker.say("packer", "[Выгрузить из плиточника]", "-19", "7", "[Готово]", "[Выгрузить]")
    talker.say("storekeeper", "[Начать палетирование и маркировку]", *WEIGHTS, "[Принять]")


def on_a_pallet(talker: Talker) -> None:
    """A pet-food mix of line 2, until its pallet has a number."""
    rework("1000")
    order = new_order([line("350")], 1, recipe=17, line_mode="line_2")
    fire(order, "plan")
    talker.deliver()
    for title in ("Замес растарен", "Просепарировано", "Перемешивание и анализ"):
        talker.say("mko_line_2_manager", f"[{title}]")
    norm = order.recipe_version
    assert norm is not None
    values = [f"{one:.2f}".replace(".", ",") for one in (norm.fat, norm.protein, norm.moisture)]
    talker.say("lab", "[Начать анализ]", *values, "[Сохранить]")
    talker.say("mko_line_2_manager", "[Указать номер паллета]", "15", "[Сохранить]")


def by_shocker(talker: Talker) -> None:
    """A pet-food mix of line 2 through a shocker, with its ash."""
    on_a_pallet(talker)
    talker.say("freezer_storekeeper", "[Заморозить фарш]", "[№ 1…]", "22", "340,5", "10")
    talker.say("freezer_storekeeper", "[Сохранить]")
    norm = Mix.objects.get().order.recipe_version  # type: ignore[union-attr]
    assert norm is not None
    ash = f"{norm.ash:.2f}".replace(".", ",")
    talker.say("lab", "/tasks", "[Зола…]", ash, "[Сохранить]")
    talker.after(minutes=721)
    talker.say("packer", "[Выгрузить из шокера]", "-19", "[Выгрузить]")
    talker.say("storekeeper", "[Начать палетирование и маркировку]", *WEIGHTS, "[Принять]")


def by_hand(talker: Talker) -> None:
    """Pet-food mince that nobody knows the origin of: held until somebody takes the blame."""
    talker.say("storekeeper", "/start", "[Принять]", "[Принять фарш пет-фуд]", "[Сегодня]", "77")
    talker.say("storekeeper", "[Без происхождения]", *WEIGHTS, "[Принять]")
    pallet = Pallet.objects.get()
    assert "Заблокирован" in str(why_not(pallet))
    for hold in Hold.objects.filter(released_at=None):
        release_hold(who("technologist"), hold=hold, reason="нашли ярлык", at=timezone.now())
    assert why_not(pallet) == NO_ASH  # pet food, whoever took it in (domain 5.8)
    talker.say("lab", "/start", "[Лаборатория (зола)]", "[Начать анализ]", "3", "[Сохранить]")
    talker.say("technologist", "[Допустить с отклонением]", "рецепта нет")


@pytest.mark.parametrize("route", [by_plate, by_shocker, by_hand])
def test_every_route_ends_in_the_store_and_can_be_shipped(talker: Talker, route: object) -> None:
    assert callable(route)
    route(talker)
    pallet = Pallet.objects.get()
    said = talker.phone("storekeeper").described()
    assert (pallet.state, pallet.net) == ("in_stock", NET), said
    assert Balance.objects.get(lot=pallet.lot, account="fg_store").physical == NET
    mix = Mix.objects.get()
    assert mix.state == "finished"
    ways = StateHistory.objects.filter(record="pallet", record_id=str(pallet.pk))
    assert list(ways.values_list("transition", flat=True))[-1] == "accept"
    assert waiting("palletize") == []
    assert why_not(pallet) is None, str(why_not(pallet))
    ship(pallet, timezone.localtime())
    pallet.refresh_from_db()
    assert pallet.state == "shipped"


def test_a_buffer_pallet_of_what_is_left_can_be_shipped(talker: Talker) -> None:
    mix = pet_food_out()
    Mix.objects.filter(pk=mix.pk).update(quality="passed", ash_state="in_norm")
    menu = ("/start", "[Заморозка фарша пет-фуд]", "[Заморозка остатков]")
    talker.say("freezer_storekeeper", *menu, "[Создать буферный паллет]", "9", "30", "[Готово]")
    talker.say("freezer_storekeeper", "640", "20", "[Сохранить]")
    talker.say("freezer_storekeeper", *menu, "[Закрыть буферный паллет]", "[9…]")
    talker.say("freezer_storekeeper", "[Закрыть]", "[Заморозить фарш]", "[№ 1…]", "20", "640", "30")
    talker.say("freezer_storekeeper", "[Сохранить]")
    talker.after(minutes=721)
    talker.say("packer", "[Выгрузить из шокера]", "-19", "[Выгрузить]")
    talker.say("storekeeper", "[Начать палетирование и маркировку]", *WEIGHTS, "[Принять]")
    pallet = Pallet.objects.get()
    assert (pallet.state, pallet.kind) == ("in_stock", "buffer")
    ship(pallet, timezone.localtime())
    pallet.refresh_from_db()
    assert pallet.state == "shipped"


@pytest.mark.parametrize("title", ["Принять МКО", "Принять МКО (продажа)", "Принять вторфарш"])
def test_every_by_product_can_be_shipped(talker: Talker, title: str) -> None:
    talker.say("storekeeper", "/start", "[Принять]", f"[{title}]", "[Сегодня]", "77")
    talker.say("storekeeper", "[Без происхождения]", *WEIGHTS, "[Принять]")
    pallet = Pallet.objects.get()
    assert (pallet.state, pallet.net) == ("in_stock", NET)
    assert "Заблокирован" in str(why_not(pallet))
    for hold in Hold.objects.filter(released_at=None):
        release_hold(who("technologist"), hold=hold, reason="нашли ярлык", at=timezone.now())
    ship(pallet, timezone.localtime())
    pallet.refresh_from_db()
    assert pallet.state == "shipped"


def test_what_came_by_hand_before_and_is_still_here_waits_for_its_ash(talker: Talker) -> None:
    talker.say("storekeeper", "/start", "[Принять]", "[Принять фарш пет-фуд]", "[Сегодня]", "77")
    talker.say("storekeeper", "[Без происхождения]", *WEIGHTS, "[Принять]")
    module = import_module("crm.production.migrations.0012_ash_of_what_came_by_hand")
    for state, waits in (("shipped", "new"), ("in_stock", "missing")):
        Mix.objects.update(ash_state="new")
        Pallet.objects.update(state=state)
        module.ask_for_ash(apps, None)
        assert Mix.objects.get().ash_state == waits


@pytest.mark.parametrize("hours", [20, 30])
def test_a_pallet_of_last_night_or_of_yesterday_goes_into_a_shocker(
    talker: Talker, hours: int
) -> None:
    on_a_pallet(talker)
    made = Pallet.objects.get()
    talker.after(minutes=hours * 60)
    assert timezone.localdate() > made.production_day
    phone = talker.say("freezer_storekeeper", "/start", "[Заморозка фарша пет-фуд]")
    phone = talker.say(
        "freezer_storekeeper", "[Заморозить фарш]", f"[15 от {made.production_day:%d.%m.%Y}…]"
    )
    assert phone.sees("…Выберите шокер…"), phone.described()
    talker.say("freezer_storekeeper", "[№ 1…]", "22", "340,5", "10", "[Сохранить]")
    load = FreezerLoad.objects.get()
    assert (load.state, load.pallet) == ("freezing", made)
