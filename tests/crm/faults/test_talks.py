"""X31, X39, X40, X62, X68, X69, X73: what people say is kept as they said it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.catalogue.models import Recipe, RecipeVersion
from crm.plant.talker import Talker
from crm.production.models import Blank, MincedOrder, RawBatch
from crm.quality.models import Deviation
from crm.work.models import File
from engine.errors import Refused
from tests.crm.faults.plant import waiting
from tests.crm.production.orders import line, new_order, rework
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal
START = ("/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "[Каркас]", "[Каркас ЦБ]")
WARM = (*START, "[Замороженное]", "{photo}", "{photo}", "-5,5")
ENDING = ("[Пропустить]", "[Пропустить]", "[Пропустить]", "24", "[Сохранить]")


def test_every_photo_of_an_album_is_kept(talker: Talker) -> None:
    talker.say("receiver", *START, "[Замороженное]", "{photo}", "{photo}", "-18,5")
    talker.say("receiver", "20.11.2026", "ТТН-1", "{photo 2}", "[Подтвердить]", "{photo 4}")
    talker.say("receiver", "{photo}", "[Подтвердить]", *["[Пропустить]"] * 2)
    talker.after(seconds=30)
    talker.say("receiver", "[Дальше]", "[Птицефабрика «Примерная»]", "[Пропустить]", "[Каркас]")
    phone = talker.say("receiver", "900", "{photo}", "−19", "{photo}", "24", "[Сохранить]")
    batch = RawBatch.objects.get()
    wanted = {"upd": 2, "ttn": 5, "truck_unit": 1, "body_temp": 1, "product_temp": 1, "pallet": 1}
    kept = Counter(File.objects.filter(lot=batch.lot).values_list("kind", flat=True))
    assert kept == wanted, phone.described()


def test_a_document_reaches_the_step_that_asks_for_it(talker: Talker) -> None:
    talker.say("receiver", *START, "[Замороженное]", "[Пропустить]", "[Пропустить]", "-18,5")
    phone = talker.say("receiver", "20.11.2026", "ТТН-1", "{pdf}")
    assert phone.sees("[Подтвердить]"), phone.described()
    phone = talker.say("receiver", "[Подтвердить]", *["[Пропустить]"] * 3)
    assert phone.sees("…Ищу ветеринарные документы…") or phone.sees("…вручную…")


@pytest.mark.parametrize(("said", "got"), [("[Пет-фуд]", "Пет-фуд"), ("пет-фуд", "Пет-фуд"),
                         ("[Вторфарш Пет-фуд]", "Вторфарш Пет-фуд")])  # fmt: skip
def test_the_recipe_that_was_named_is_taken_and_none_that_contains_it(
    talker: Talker, said: str, got: str
) -> None:
    rework("1000")
    RecipeVersion.objects.update(rework_limit_pct=Decimal(100))
    asked = ("/start", "[Создать фарш пет-фуд]", "[Добавить вторфарш]", "300", "[Подтвердить]")
    phone = talker.say("technologist", *asked, "1", said)
    if phone.sees("…Прогноз вне нормы…"):
        phone = talker.say("technologist", "[Да]", "иначе некуда")
    assert phone.sees(f"…Рецепт: {got}…") or phone.sees(f"…{got}: прогноз…"), phone.described()
    talker.say("technologist", "[Линия пет-фуд 2 (шокер)]", "[Текущая смена]", "[Сегодня]")
    talker.say("technologist", "[Сохранить]")
    order = MincedOrder.objects.get()
    assert order.recipe is not None
    assert order.recipe.name == got


@pytest.mark.parametrize(("shift", "is_night"), [("Текущая смена", False), ("Ночь", True)])
def test_the_shift_that_was_chosen_is_the_one_that_is_kept(
    talker: Talker, carcass: RawBatch, shift: str, is_night: bool
) -> None:
    talker.say("technologist", "/start", "[Новый фарш]", "[Добавить сырьё]", "[Каркас]")
    talker.say("technologist", "[2211/3…]", "300", "[Подтвердить]", "1", "[Люкс]", "[Линия 1]")
    phone = talker.say("technologist", f"[{shift}]", "[Сегодня]")
    assert phone.sees(f"…Смена: {shift}…"), phone.described()
    talker.say("technologist", "[Сохранить]")
    order = MincedOrder.objects.get()
    assert (order.is_night, order.state) == (is_night, "planned" if is_night else "active")


@pytest.mark.parametrize(("shift", "is_night"), [("Текущая смена", False), ("Ночь", True)])
def test_the_shift_of_a_pet_food_order_is_kept_as_it_was_chosen(
    talker: Talker, shift: str, is_night: bool
) -> None:
    rework("100")
    asked = ("/start", "[Создать фарш пет-фуд]", "[Добавить вторфарш]", "100", "[Подтвердить]", "1")
    talker.say("technologist", *asked, "[Вторфарш Пет-фуд]", "[Линия пет-фуд 2 (шокер)]")
    talker.say("technologist", f"[{shift}]", "[Сегодня]", "[Сохранить]")
    assert MincedOrder.objects.get().is_night is is_night


def test_a_recipe_without_a_norm_is_not_offered_and_not_planned(
    talker: Talker, carcass: RawBatch
) -> None:
    RecipeVersion.objects.filter(recipe__number=2).delete()
    talker.say("technologist", "/start", "[Новый фарш]", "[Добавить сырьё]", "[Каркас]")
    phone = talker.say("technologist", "[2211/3…]", "300", "[Подтвердить]", "1")
    assert phone.sees("…Рецепт…"), phone.described()
    assert not phone.sees("[Люкс]"), phone.described()
    phone = talker.say("technologist", "Люкс")
    assert phone.sees("…Рецепт…"), phone.described()
    assert not phone.sees("…Линия…"), phone.described()
    assert Recipe.objects.get(number=2).name == "Люкс"
    with pytest.raises(Refused, match="норм"):
        new_order([line("300", carcass)], 1, recipe=2)
    assert not MincedOrder.objects.exists()


def test_a_problem_with_a_blank_says_which_why_and_who_and_is_decided(talker: Talker) -> None:
    batch_in_stock("carcass", kg(1000))
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "500")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    talker.say("storekeeper", "[Ввести фактический вес сырья]", "[Как в плане]", "[Сохранить]")
    talker.say("unpacker_blanks", "[Ошибка]", "[Повреждена упаковка]", "порвана плёнка")
    talker.say("unpacker_blanks", "[Пропустить]", "[Отправить]")
    blank = Blank.objects.get()
    assert blank.state == "problem"
    phone = talker.phone("technologist")
    assert phone.sees(
        "Заготовка З22112026/3: 2211/3 Каркас – 500,000 кг. "
        "…Повреждена упаковка: порвана плёнка. …Чижов Г. П.…"
    ), phone.described()
    assert [task.kind for task in waiting("blank_problem")] == ["blank_problem"]
    talker.say("technologist", "[Продолжить растарку]", "переложить")
    blank.refresh_from_db()
    assert blank.state == "unpacking"
    said = "Заготовка З22112026/3: продолжить растарку. переложить"
    assert talker.phone("unpacker_blanks").sees(said)


@pytest.mark.parametrize(
    ("answer", "state"), [("✅ Подтвердить", "received"), ("❌ Отклонить", "refused")]
)
def test_goods_without_life_left_open_the_gate_and_both_answers_work(
    talker: Talker, answer: str, state: str
) -> None:
    talker.say("receiver", *START, "[Замороженное]", "[Пропустить]", "[Пропустить]", "-18,5")
    talker.say("receiver", "20.11.2026", "EXPIRED", *["[Пропустить]"] * 4)
    talker.after(seconds=30)
    phone = talker.say("receiver", "[Добавить всё]")
    assert phone.sees("…Приёмка временно запрещена…срок годности по ЭВСД…"), phone.described()
    talker.say("technologist", f"[{answer}]", "в переработку сегодня")
    if state == "received":
        talker.say("receiver", "[Продолжить]", "[Совпадает]", "[Каркас]", "[Совпадает]", *ENDING)
    batch = RawBatch.objects.get()
    assert batch.state == state, talker.phone("receiver").described()
    asked = Deviation.objects.get()
    assert (asked.kind, asked.lot, asked.value) == ("expired", batch.lot, 0)


def test_goods_with_life_left_need_no_decision(talker: Talker) -> None:
    talker.say("receiver", *START, "[Замороженное]", "[Пропустить]", "[Пропустить]", "-18,5")
    talker.say("receiver", "20.11.2026", "OK-1", *["[Пропустить]"] * 4)
    talker.after(seconds=30)
    talker.say("receiver", "[Добавить всё]", "[Совпадает]", "[Каркас]", "[Совпадает]", *ENDING)
    batch = RawBatch.objects.get()
    assert (batch.state, batch.min_shelf_days) == ("received", 180)
    assert not Deviation.objects.exists()


@pytest.mark.parametrize("answer", ["✅ Подтвердить", "❌ Отклонить"])
def test_a_decision_and_who_made_it_are_found_by_what_it_was_about(
    talker: Talker, answer: str
) -> None:
    talker.say("receiver", *WARM)
    talker.after(minutes=3)
    talker.say("technologist", f"[{answer}]", "проверил сам")
    if "Подтвердить" in answer:
        talker.say("receiver", "[Продолжить]", "20.11.2026", "OK-1", *["[Пропустить]"] * 4)
        talker.after(seconds=30)
        talker.say("receiver", "[Добавить всё]", "[Совпадает]", "[Каркас]", "[Совпадает]", *ENDING)
    batch = RawBatch.objects.get()
    found = Deviation.objects.get(lot=batch.lot)
    assert (found.kind, found.value, found.comment) == ("body_temp", kg("-5.5"), "проверил сам")
    assert found.state == ("approved" if "Подтвердить" in answer else "rejected")
    assert (str(found.decided_by), str(found.asked_by)) == ("Орлова М. С.", "Ветров П. А.")
    assert found.decided_at is not None
    assert (timezone.now() - found.decided_at).total_seconds() < 3600
