"""X27, X38, X41, X42, X44, X46 to X49: no kilogram is lost, taken twice or made up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from crm.ledger.models import Balance, Event, Posting, Reservation
from crm.ledger.verify import verify
from crm.plant.talker import Talker
from crm.production.models import Blank, MincedOrder, Mix, MixUse, Pallet, RawBatch, SecondMinced
from engine.errors import Refused
from tests.crm.faults.plant import at_work, button, kept, states
from tests.crm.faults.test_lines import ANALYSED, PRESSED, SAMPLED, UNPACKED, do
from tests.crm.production.orders import fire, line, new_order, rework
from tests.crm.production.stock import batch_in_stock
from tests.crm.production.test_order_changes import changed

pytestmark = pytest.mark.django_db
kg = Decimal
FEWEST = 12  # statements that a discharge surely has, however many go together


class Fails:
    """Fails the n-th statement that writes, as a database fails."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE", "WITH")):
            self.left -= 1
            if not self.left:
                raise OperationalError("disk I/O error")
        return execute(sql, *rest)


def test_a_write_off_of_three_components_is_all_or_nothing_whichever_statement_fails(
    talker: Talker,
) -> None:
    batches = [
        batch_in_stock(code, kg(1000), ("15.00", "13.50", "68.00"), "chilled")
        for code in ("carcass", "slch", "neck")
    ]
    order = new_order([line("300", one) for one in batches], 1, recipe=2)
    fire(order, "plan")
    talker.deliver()
    do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED)
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]")
    save = button(talker.phone("mixer_line_1"), "Загрузить")
    before = kept()
    for number in count(1):
        fails = Fails(number)
        with transaction.atomic():
            with (
                connection.execute_wrapper(fails),
                suppress(OperationalError),
                transaction.atomic(),  # as a part: the turn's own transaction is the one above
            ):
                talker.arrive("mixer_line_1", data=save)
            if states(order) == ["ready_to_discharge"]:
                assert kept() == before, f"something is left of a save that broke at {number}"
            else:
                written_off_whole()
            transaction.set_rollback(True)
        if fails.left > 0:
            break
    print(f"a discharge failed at each of {number - 1} writing statements")
    assert number > FEWEST


def written_off_whole() -> None:
    """Assert that one mix took its three components, and the books are true."""
    assert list(MixUse.objects.values_list("kg", flat=True)) == [kg(300)] * 3
    event = Event.objects.get(kind="discharge")
    assert sum(one.kg for one in Posting.objects.filter(event=event)) == 0
    assert [found for found in verify() if found.count] == []


def test_every_component_of_a_blank_is_corrected_in_whatever_order_its_rows_lie(
    talker: Talker,
) -> None:
    for code in ("carcass", "slch", "neck"):
        batch_in_stock(code, kg(1000), {"carcass": ("17.00", "13.00", "67.00"),
                       "slch": ("22.00", "12.00", "63.00"), "neck": None}[code])  # fmt: skip
    talker.say("technologist", "/start", "[Новая заготовка]")
    for code, number in (("Каркас", 3), ("СЛЧ", 4), ("Шея", 5)):
        more = [] if number == 3 else ["[Добавить сырьё]"]
        talker.say("technologist", *more, f"[{code}]", f"[2211/{number}…]", f"{number}00")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    blank = Blank.objects.get()
    first, _, last = blank.items.order_by("position")
    # The rows are made to lie the other way round: the one asked first is the last that was made.
    for item, position in ((first, 99), (last, 1), (first, 3)):
        blank.items.filter(pk=item.pk).update(position=position)
    phone = talker.say("storekeeper", "[Ввести фактический вес сырья]")
    assert phone.sees("…1 из 3. 2211/5 Шея, план 500,000 кг…"), phone.described()
    talker.say("storekeeper", "510", "420", "330", "[Сохранить]")
    blank.refresh_from_db()
    actual = {item.batch.number: item.kg_actual for item in blank.items.all()}
    assert actual == {"2211/3": kg(330), "2211/4": kg(420), "2211/5": kg(510)}
    left = {
        batch.number: Balance.objects.get(lot=batch.lot, account="raw_store").physical
        for batch in RawBatch.objects.all()
    }
    assert left == {"2211/3": kg(670), "2211/4": kg(580), "2211/5": kg(490)}
    # (330 × 17 + 420 × 22) / 750; the neck was not analysed.
    assert (blank.fat, blank.analysed_kg, blank.weight_actual) == (kg("19.80"), kg(750), kg(1260))


def test_meat_that_nobody_analysed_is_shown_as_no_data_and_never_as_nought(
    talker: Talker,
) -> None:
    batch_in_stock("neck", kg(300), None)
    talker.say("technologist", "/start", "[Новая заготовка]", "[Шея]")
    phone = talker.say("technologist", "[2211/3…без анализа…]", "[Все]")
    said = phone.screen.text
    assert "нет данных" in said, said
    assert "Ж 0" not in said, said
    assert "(100,0 %)" in said, said
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    blank = Blank.objects.get()
    assert (blank.fat, blank.protein, blank.moisture) == (None, None, None)
    # And weighed as nothing at all: the composition of no kilogram divides by none.
    phone = talker.say("storekeeper", "[Ввести фактический вес сырья]", "200", "[Сохранить]")
    blank.refresh_from_db()
    assert (blank.state, blank.fat, blank.analysed_kg) == ("unpacking", None, 0)


def test_a_pet_food_mix_of_line_1_is_written_off_like_any_other(talker: Talker) -> None:
    lot = rework("1000")
    order = new_order([line("900")], 3, recipe=17, line_mode="line_1")
    fire(order, "plan")
    talker.deliver()
    norm = order.recipe_version
    assert norm is not None
    values = [f"{value:.2f}".replace(".", ",") for value in (norm.fat, norm.protein, norm.moisture)]
    do(talker, UNPACKED, PRESSED, SAMPLED, ("lab", "[Начать анализ]", *values, "[Сохранить]"))
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]", "[Загрузить]")
    assert states(order)[0] == "in_plate_freezer"
    balance = Balance.objects.get(lot=lot.lot, account="rework_store")
    assert (balance.physical, balance.reserved) == (kg(700), kg(600))
    assert MixUse.objects.get().kg == kg(300)


def test_ten_kilograms_less_of_second_minced_come_back_exactly_and_keep_every_number(
    talker: Talker,
) -> None:
    first, second = rework("30", age_days=1), rework("50", number=2)
    order = new_order([line("60")], 3, recipe=17, line_mode="line_2")
    fire(order, "plan")
    numbers = (order.number, first.number, second.number)
    changed(order, 3, {1: "20"})
    reserved = {one.lot_id: one.kg for one in Reservation.objects.filter(kg__gt=0)}
    assert reserved == {first.lot_id: kg(30), second.lot_id: kg(20)}
    changed(order, 3, {1: "30"})
    changed(order, 3, {1: "20"})
    assert sum(one.kg for one in Reservation.objects.all()) == kg(50)
    assert sum(one.reserved for one in Balance.objects.filter(account="rework_store")) == kg(50)
    assert numbers == (
        MincedOrder.objects.get().number,
        *SecondMinced.objects.order_by("id").values_list("number", flat=True),
    )


def test_second_minced_never_goes_below_nothing_and_none_at_all_is_said(talker: Talker) -> None:
    phone = talker.say("technologist", "/start", "[Создать фарш пет-фуд]")
    assert not phone.sees("[Добавить вторфарш]"), phone.described()
    assert phone.sees("…Готовых заготовок нет…"), phone.described()
    talker.say("technologist", "/cancel", "[Да, отменить]")
    rework("100")
    menu = ("/start", "[Создать фарш пет-фуд]", "[Добавить вторфарш]")
    phone = talker.say("technologist", *menu, "100,001")
    assert phone.sees("…Не хватает 0,001 кг. Баланс не может уйти в минус…"), phone.described()
    talker.say("technologist", "/cancel", "[Да, отменить]")
    asked = ["/start", "[Создать фарш пет-фуд]", "[Добавить вторфарш]", "100", "[Подтвердить]", "1"]
    asked += ["[Вторфарш Пет-фуд]", "[Линия пет-фуд 2 (шокер)]", "[Текущая смена]", "[Сегодня]"]
    talker.say("technologist", *asked)
    talker.say("technologist2", *asked, "[Сохранить]")
    phone = talker.say("technologist", "[Сохранить]")
    assert MincedOrder.objects.count() == 1, phone.described()
    assert phone.sees("…Этот ответ надо дать заново: условия изменились…"), phone.described()
    balance = Balance.objects.get(account="rework_store")
    assert (balance.physical, balance.reserved) == (kg(100), kg(100))
    with pytest.raises(Refused):
        fire(new_order([line("0.001")], 1, recipe=17, line_mode="line_2"), "plan")


@pytest.mark.parametrize(("cart", "tare"), [("[Тележка № 1 (27 кг)]", "27"), ("30,5", "30.5")])
def test_a_typed_cart_is_subtracted_like_a_chosen_one(
    talker: Talker, carcass: RawBatch, cart: str, tare: str
) -> None:
    weight = kg(tare)
    at_work(talker, carcass)
    talker.say("technologist", "/start", "[Занесение вторфарша]", "[Добавить МКО1]")
    phone = talker.say("technologist", str(weight), cart)
    assert phone.sees("…Вес нетто получается 0,000 кг…"), phone.described()
    phone = talker.say("technologist", str(weight - kg("0.001")), cart)
    assert phone.sees("…Вес нетто получается −0,001 кг…"), phone.described()
    gross = weight + kg("100.5")
    talker.say("technologist", str(gross), cart, "[Вся смена]", "[Сохранить]")
    second = SecondMinced.objects.get()
    assert (second.gross, second.cart_tare, second.net) == (gross, weight, kg("100.5"))
    assert Balance.objects.get(lot=second.lot, account="mko_store").physical == kg("100.5")


def test_a_second_minced_lot_taken_by_hand_has_its_net_as_stock(talker: Talker) -> None:
    for kind, account, number in (
        ("Принять вторфарш", "rework_store", "77"), ("Принять МКО", "fg_store", "78"),
    ):  # fmt: skip
        talker.say("storekeeper", "/start", "[Принять]", f"[{kind}]", "[Сегодня]", number)
        phone = talker.say("storekeeper", "[Без происхождения]", "40", "340,5", "22", "18,5")
        talker.say("storekeeper", "{photo}", "[Продолжить]", "[Принять]")
        pallet = Pallet.objects.get(number=int(number))
        assert pallet.net == kg(300), phone.described()
        stock = Balance.objects.filter(account=account, physical=kg(300))
        assert stock.count() == 1, list(Balance.objects.values_list("account", "physical"))


def test_a_buffer_pallet_takes_what_fits_weighs_with_the_kept_pallet_and_leaves_a_task(
    talker: Talker,
) -> None:
    rework("1000")
    order = new_order([line("900")], 2, recipe=17, line_mode="line_2")
    fire(order, "plan")
    left_the_mixer(order, 1)
    menu = ("/start", "[Заморозка фарша пет-фуд]", "[Заморозка остатков]")
    made, added = "[Создать буферный паллет]", "[Добавить в буферный паллет остатки]"
    talker.say(
        "freezer_storekeeper", *menu, made, "9", "30", "[Готово]", "640", "20", "[Сохранить]"
    )
    pallet = Pallet.objects.get()
    assert (pallet.box_count, pallet.net_expected) == (30, kg(572)), talker.phone(
        "freezer_storekeeper"
    ).described()
    talker.after(minutes=5)
    left_the_mixer(order, 2)
    phone = talker.say("freezer_storekeeper", *menu, added, "20", "[Готово]")
    assert phone.sees("…15 добавленных коробок без паллета…"), phone.described()
    phone = talker.say("freezer_storekeeper", "310")
    assert phone.sees("Лишние коробки: 5…") or phone.sees("…Лишние коробки: 5…"), phone.described()
    talker.say("freezer_storekeeper", "[Позже]", "[Сохранить]")
    pallet.refresh_from_db()
    assert (pallet.box_count, pallet.gross, pallet.net_expected) == (45, kg(950), kg(858))
    assert talker.phone("freezer_storekeeper").sees("…5…короб…"), phone.described()
    phone = talker.say("freezer_storekeeper", "/tasks", "[Остались коробки: 5…]", "10", "[Готово]")
    assert phone.sees("…Вес брутто за 5 коробок, кг…"), phone.described()  # they are of its mixes
    talker.say("freezer_storekeeper", "120", "20", "[Сохранить]")
    rest = Pallet.objects.get(number=10)
    assert (rest.box_count, rest.net_expected) == (5, kg(92))
    assert {item.lot for item in rest.items.all()} == {item.lot for item in pallet.items.all()}


def left_the_mixer(order: MincedOrder, index: int) -> None:
    """Let a mix of line 2 be on its pallet since now."""
    Mix.objects.filter(order=order, index=index).update(
        state="on_pallets", line=2, quality="passed", produced_at=timezone.localtime()
    )
