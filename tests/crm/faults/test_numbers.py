"""X10, X11, X29, X30, X45: numbers are given once, and a thing is in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from crm.catalogue.models import Freezer
from crm.ledger.models import Lot, StateHistory
from crm.plant.talker import Talker
from crm.production.models import (
    Blank,
    FreezerLoad,
    MincedOrder,
    Mix,
    Pallet,
    Place,
    RawBatch,
    SecondMinced,
)
from crm.production.operations.load_plate_freezer import load_plate_freezer
from crm.production.operations.load_shocker import load_shocker
from engine.errors import Refused
from tests.crm.faults.plant import another, at_work, button, states, who
from tests.crm.faults.test_lines import ANALYSED, PRESSED, SAMPLED, UNPACKED, do
from tests.crm.faults.test_routes import by_plate, on_a_pallet
from tests.crm.production.acts import dispatch
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.stock import batch_in_stock
from tests.crm.production.test_order_changes import changed
from tests.rounds import Writers, started
from tests.seeded import seed
from tests.sizes import sizes

kg = Decimal
DISPATCHERS = 20
ROUNDS = sizes().examples(2)


@pytest.fixture
def twenty(postgres_url: str, django_db_setup: None) -> Iterator[Writers]:
    """Twenty processes on the test database of PostgreSQL."""
    with started(str(connection.settings_dict["NAME"]), DISPATCHERS) as processes:
        yield processes


@pytest.mark.django_db(transaction=True)
def test_twenty_dispatchers_at_once_issue_each_mix_once(twenty: Writers) -> None:
    seed()
    batch = batch_in_stock("carcass", kg(40_000), condition="chilled")
    for _ in range(2):
        fire(new_order([line("900", batch)], 6, line_mode="both"), "plan")
    for _ in range(ROUNDS):
        # The people have done their work, and nobody looked at the queues since.
        for state, after in (("unpacking", "unpacked"), ("pressing", "pressed")):
            for mix in Mix.objects.filter(state=state):
                Place.objects.filter(record="mix", record_id=str(mix.pk),
                                     resource__startswith="unpack_line").delete()  # fmt: skip
                Mix.objects.filter(pk=mix.pk).update(state=after)
        twenty.round(dispatch, [1] * DISPATCHERS)
    for transition in ("issue", "start_press", "start_mixing"):
        rows = StateHistory.objects.filter(record="mix", transition=transition)
        times = Counter(rows.values_list("record_id", flat=True))
        assert set(times.values()) == {1}, (transition, times)
    stations = Place.objects.exclude(resource__startswith="buffer")
    held = Counter(stations.values_list("resource", flat=True))
    assert set(held.values()) == {1}, held
    assert {"press_line_1", "mixer_line_1", "press_line_2", "mixer_line_2"} <= set(held)


@pytest.mark.django_db
def test_two_packers_who_take_one_number_at_once_get_one_pallet(
    talker: Talker, carcass: RawBatch
) -> None:
    mate = another("packer").telegram_id or 0
    at_work(talker, carcass, "900", 2)
    for freezer in ("[№ 1]", "[№ 2]"):
        do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED)
        talker.say("mixer_line_1", "[Загрузить в плиточник]", freezer, "[Загрузить]")
    talker.after(minutes=151)
    typed = ("-19", "7", "[Готово]")
    talker.say("packer", "[Выгрузить из плиточника]", *typed)
    talker.say(mate, "/tasks", "[Выгрузить плиточник 1…]", *typed)
    talker.say(mate, "[Выгрузить]")
    phone = talker.say("packer", "[Выгрузить]")
    assert Pallet.objects.get().number == 7
    assert phone.sees("…дать заново: условия изменились…Сегодня заняты: 7"), phone.described()
    phone = talker.say("packer", "7")
    assert phone.sees("…Номер 7 занят: Люкс, замес…"), phone.described()
    again = Pallet.objects.get()
    again.pk, again.label_code = None, "another label"
    again.lot = Lot.objects.create(kind=Lot.Kind.PALLET)
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        again.save(force_insert=True)


@pytest.mark.django_db
def test_a_number_of_the_fifth_of_last_month_is_free_today(talker: Talker) -> None:
    by_plate(talker)
    assert Pallet.objects.get().number == 7
    talker.clock.move_to(datetime(2026, 12, 27, 8, 30, tzinfo=UTC))
    batch = batch_in_stock("carcass", kg(1000), ("15.00", "13.50", "68.00"), "chilled")
    at_work(talker, batch, "350", 1)
    do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED)
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]", "[Загрузить]")
    talker.after(minutes=151)
    talker.say("packer", "[Выгрузить из плиточника]", "-19", "7", "[Готово]", "[Выгрузить]")
    assert list(Pallet.objects.order_by("id").values_list("number", "state")) == [
        (7, "in_stock"), (7, "unloaded"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_an_order_for_tomorrow_of_today_and_one_of_tomorrow_have_two_numbers(
    talker: Talker, carcass: RawBatch
) -> None:
    def planned(arrival: str) -> str:
        talker.say("technologist", "/start", "[Новый фарш]", "[Добавить сырьё]", "[Каркас]")
        talker.say("technologist", "[2211/3…]", "300", "[Подтвердить]", "1", "[Люкс]", "[Линия 1]")
        talker.say("technologist", "[Текущая смена]", f"[{arrival}]", "[Сохранить]")
        return str(MincedOrder.objects.latest("id").number)

    first = planned("Завтра")
    fire(MincedOrder.objects.get(), "cancel", "передумали")
    second = planned("Завтра")
    # Five minutes before midnight, and ten minutes later.
    talker.clock.move_to(datetime(2026, 11, 22, 20, 55, tzinfo=UTC))
    third = planned("Завтра")
    talker.after(minutes=10)
    fourth, fifth = planned("Сегодня"), planned("Завтра")
    assert [first, second, third, fourth, fifth] == [
        "Ф231120262/3", "Ф231120262/4", "Ф231120262/5", "Ф231120262/6", "Ф241120262/3",
    ]  # fmt: skip
    mixes = list(Mix.objects.values_list("number", flat=True))
    assert len(mixes) == len(set(mixes))


@pytest.mark.django_db
def test_numbers_of_the_new_year_begin_anew_and_meet_none_of_the_old(talker: Talker) -> None:
    talker.clock.move_to(datetime(2026, 12, 31, 20, 55, tzinfo=UTC))
    old = [batch_in_stock("carcass", kg(10)) for _ in range(2)]
    talker.after(minutes=10)
    new = [batch_in_stock("carcass", kg(10)) for _ in range(2)]
    assert [one.number for one in (*old, *new)] == ["3112/3", "3112/4", "0101/3", "0101/4"]
    assert [one.full_number for one in new] == ["2027-0101/3", "2027-0101/4"]


@pytest.mark.django_db
def test_two_mixes_that_choose_one_plate_freezer_are_told_who_has_it(
    talker: Talker, carcass: RawBatch
) -> None:
    order = at_work(talker, carcass, "900", 2, "both")
    for number in (1, 2):
        talker.say(f"unpacker_line_{number}", "[Замес растарен]")
        talker.say(f"press_line_{number}", "[Просепарировано]")
        talker.say(f"mixer_line_{number}", "[Перемешивание и анализ]")
        talker.say("lab", "/start", "[Лаборатория (замесы)]", "[Начать анализ]")
        talker.say("lab", "15", "13,5", "68", "[Сохранить]")
        talker.say(f"mixer_line_{number}", "[Загрузить в плиточник]", "[№ 1]")
    talker.say("mixer_line_2", "[Загрузить]")
    phone = talker.say("mixer_line_1", "[Загрузить]")
    assert sorted(states(order)) == ["in_plate_freezer", "ready_to_discharge"], phone.described()
    load = FreezerLoad.objects.get()
    assert load.freezer.number == 1
    assert not phone.sees("[№ 1]"), phone.described()
    waits = Mix.objects.get(state="ready_to_discharge")
    with pytest.raises(Refused, match="уже занят"):
        load_plate_freezer(who("mixer_line_1"), at=timezone.localtime(), mix=waits,
                           freezer=load.freezer)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(
            resource="plate_freezers/1", slot=1, record="freezer_load",
            record_id=str(load.pk + 1), since=timezone.now(),
        )  # fmt: skip


@pytest.mark.django_db
def test_a_pallet_is_in_one_shocker_and_a_full_one_takes_no_more(talker: Talker) -> None:
    on_a_pallet(talker)
    pallet = Pallet.objects.get()
    menu = ("/start", "[Заморозка фарша пет-фуд]", "[Заморозить фарш]", "[15 от 22.11.2026…]")
    mate = another("freezer_storekeeper").telegram_id or 0
    weights = ("22", "340,5", "10")
    talker.say("freezer_storekeeper", *menu, "[№ 1…]", *weights)
    talker.say(mate, *menu, "[№ 2…]", *weights, "[Сохранить]")
    save = button(talker.phone("freezer_storekeeper"), "Сохранить")
    talker.arrive("freezer_storekeeper", data=save)
    assert FreezerLoad.objects.get().freezer.number == 2
    pallet.refresh_from_db()
    with pytest.raises(Refused):
        load_shocker(
            who("freezer_storekeeper"), at=timezone.localtime(), pallet=pallet,
            freezer=Freezer.objects.get(kind="shock", number=1), pallet_weight=kg(22),
            gross=kg(340), box_count=10, net=kg(300),
        )  # fmt: skip
    Freezer.objects.filter(kind="shock").update(capacity=1)
    phone = talker.say(mate, "/start", "[Заморозка МКО2]", "31", "21", "40", "812", "[Вся смена]")
    assert not phone.sees("[№ 2…]"), phone.described()
    assert phone.sees("[№ 1…]"), phone.described()


@pytest.mark.django_db
def test_nothing_that_is_saved_later_changes_a_number_or_a_typed_day(talker: Talker) -> None:
    by_plate(talker)
    talker.say("technologist", "/start", "[Занесение вторфарша]", "[Добавить МКО1]", "127,5", "27")
    talker.say("technologist", "[Вся смена]", "[Сохранить]")
    given = numbers()
    day = SecondMinced.objects.get().produced_on
    talker.after(minutes=26 * 60)
    menu = ("/start", "[Принять]", "[Принять МКО]", f"{day:%d.%m.%Y}", "78", "[Из остатка]")
    phone = talker.say("storekeeper", *menu, "4", "140", "22", "18", "{photo}", "[Продолжить]")
    talker.say("storekeeper", "[Принять]")
    second = SecondMinced.objects.get()
    assert second.state == "registered", phone.described()  # half a kilogram is left of it
    assert second.produced_on == day
    assert given.items() <= numbers().items()


@pytest.mark.django_db
def test_a_blank_that_is_weighed_and_an_order_that_is_changed_keep_number_and_day(
    talker: Talker,
) -> None:
    order = new_order([line("500", batch_in_stock("carcass", kg(600), condition="chilled"))], 2)
    fire(order, "plan")
    batch_in_stock("carcass", kg(500))
    asked = ("/start", "[Новая заготовка]", "[Каркас]", "[2211/4…]", "300", "[Подтвердить]")
    talker.say("technologist", *asked, "[Завтра]", "[Сохранить]")
    given = numbers()
    talker.say("storekeeper", "[Ввести фактический вес сырья]", "310", "[Сохранить]")
    changed(order, 3, {0: "450"})
    assert Blank.objects.get().weight_actual == kg(310)
    assert MincedOrder.objects.get().number_mix == 3
    assert given.items() <= numbers().items()


def numbers() -> dict[tuple[str, int], object]:
    """Return the numbers and days of everything, by kind and id."""
    return {
        (model.__name__, one.pk): (
            one.number,
            *(getattr(one, day, None) for day in ("arrival_date", "manufacture_date")),
            *(getattr(one, day, None) for day in ("produced_on", "production_day")),
        )
        for model in (RawBatch, Blank, MincedOrder, Mix, Pallet, SecondMinced)
        for one in model._default_manager.all()
    }
