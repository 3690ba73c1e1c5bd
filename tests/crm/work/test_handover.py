"""«Сдать смену» and the digests of the shifts on rows (domain 4.44, 14.9), by talking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.bridge.program import program
from crm.catalogue.models import Freezer
from crm.ledger.models import Lot
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.day import shift_began
from crm.production.models import FreezerLoad, Mix
from crm.production.operations.load_plate_freezer import load_plate_freezer
from crm.production.operations.start_station import start_station
from crm.production.operations.stop_station import stop, stop_station
from crm.production.operations.write_off_mix import write_off_mix
from crm.production.stops import station
from crm.quality.models import Deviation
from crm.quality.operations.place_hold import place_hold
from crm.work.digest import MOST, PARTS, of_plant
from crm.work.facts.head_of_shift import head_of_shift
from crm.work.models import Handover, Task
from crm.work.operations.give_shift import give_shift
from engine.errors import Refused
from tests.crm.office.floor import a_deviation
from tests.crm.production.orders import fire, line, planned
from tests.crm.production.stock import batch_in_stock
from tests.crm.production.test_list_reports import rows as report_rows
from tests.seeded import seed

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # 18:00 at the plant
kg = Decimal
TITLES = [
    *("Сделано за смену", "В работе", "Выгрузка в ближайшие 4 часа", "Ждут решения"),
    *("Блокировки", "Отклонения за смену", "Просьбы о помощи", "Пропущенные проверки", "Остановки"),
    "Сырьё на следующую смену",
]


@pytest.fixture
def clock(db: None) -> Iterator[PlantClock]:
    with PlantClock(START) as clock:
        seed()
        yield clock


def who(role: str) -> Person:
    return Person.objects.holding(role).earliest("id")


def loaded() -> None:
    """Put a mix of 1 000 kg by recipe 1 into plate freezer 1, and leave 500 kg of raw."""
    batch = batch_in_stock("carcass", kg(1500), condition="chilled")
    mix = planned([line("1000", batch)], 1).mixes.get()
    freezer, now = Freezer.objects.get(kind="plate", number=1), timezone.localtime()
    load = load_plate_freezer(who("mixer_line_1"), at=now, mix=mix, freezer=freezer)
    fire(mix, "discharge", who="mixer_line_1")
    fire(load, "load", who="mixer_line_1")


def test_a_shift_began_at_the_last_of_the_plants_hours(clock: PlantClock) -> None:
    evening = timezone.localtime()
    assert shift_began(evening).hour == 7
    night = evening.replace(hour=6, minute=45)
    began = shift_began(night)
    assert (began.day, began.hour) == (21, 19)


def test_whatever_waits_for_a_decision_is_told_with_the_requests_of_forms(
    clock: PlantClock,
) -> None:
    lot = batch_in_stock("carcass", kg(10)).lot
    a_deviation(1, lot)
    record = a_deviation(2, lot)  # of a record: told by its task alone
    Deviation.objects.filter(pk=record.pk).update(step="")
    now = timezone.localtime()
    kinds = ("mix_decision", "decide_check", "countersign", "access_request", "unpack_mix")
    for number, kind in enumerate(kinds):
        Task.objects.create(
            kind=kind, title=kind, subject="mix", subject_id=str(number), role="technologist",
            created_at=now - timedelta(minutes=5),
        )  # fmt: skip
    found = [str(one.said) for one in PARTS["decisions"](now)]
    assert found[0].startswith("Д-1: ")
    assert [program().languages.say(one, "ru") for one in found[1:]] == [
        f"{kind}, 5 мин" for kind in kinds[:-1]
    ]


def test_the_digest_says_what_was_made_what_is_due_what_stood_and_what_is_left(
    talker: Talker,
) -> None:
    loaded()
    press, now = station("press_line_1"), timezone.localtime()
    stop_station(who("shift_lead"), session=uuid4(), at=now, station=press, reason="Мойка")
    talker.say("lab", "/start", "[Помощь]", "[Нет сырья]", "[Пропустить]", "[Пропустить]")
    talker.say("lab", "[Отправить]")
    talker.after(minutes=20)
    now = timezone.localtime()
    start_station(who("shift_lead"), session=uuid4(), at=now, station=press)
    english = program().languages.say(of_plant(now), "en")
    assert (
        "Press, line 1: stood still for 20 min. Мойка" in english
    )  # the reason is as it was typed
    said = of_plant(now).replace("\u202f", " ").splitlines()
    assert said[:2] == ["Сделано с 07:00:", "Стандарт, линия 1: 1 замес, 1 000,000 кг"]
    assert "Плиточник 1, замес Ф221120261/3/1, в 20:30, осталось 02:10" in said
    assert "Пресс линии 1: стояла 20 мин. Мойка" in said
    assert "Лапина О. В.: Нет сырья, ждёт 20 мин" in said
    assert "Каркас, Охлаждённое: 500,000 кг" in said
    assert "Блокировки: нет" in said


@pytest.mark.parametrize(
    ("clock_says", "title"),
    [
        ("06:45", "Сделано с 19:00"),
        ("06:59", "Сделано с 19:00"),
        ("07:00", "Сделано с 19:00 до 07:00"),
        ("07:30", "Сделано с 19:00 до 07:00"),
        ("08:59", "Сделано с 19:00 до 07:00"),
        ("09:00", "Сделано с 07:00"),
        ("18:45", "Сделано с 07:00"),
        ("19:30", "Сделано с 07:00 до 19:00"),
    ],
)
def test_a_digest_is_of_the_shift_that_ends_until_it_must_be_handed_over(
    clock: PlantClock, clock_says: str, title: str
) -> None:
    hour, minute = map(int, clock_says.split(":"))
    assert of_plant(timezone.localtime().replace(hour=hour, minute=minute)).startswith(title + ":")


def test_a_shift_that_is_handed_over_late_leaves_what_it_made_and_not_what_the_next_one_did(
    talker: Talker,
) -> None:
    loaded()
    asked = a_deviation(1, batch_in_stock("carcass", kg(10)).lot)
    asked.asked_at = timezone.localtime()
    asked.save()
    talker.after(minutes=90)  # 19:30 at the plant
    said = of_plant(timezone.localtime()).replace("\u202f", " ")
    one_mix = "\nСтандарт, линия 1: 1 замес, 1 000,000 кг\n"
    assert said.startswith(f"Сделано с 07:00 до 19:00:{one_mix}")
    assert "Отклонения за смену:\nД-1: " in said
    Mix.objects.update(produced_at=timezone.localtime())
    assert of_plant(timezone.localtime()).startswith("Сделано с 07:00 до 19:00: нет\n")
    talker.after(minutes=91)
    later = of_plant(timezone.localtime()).replace("\u202f", " ")
    assert later.startswith(f"Сделано с 19:00:{one_mix}")
    assert "Отклонения за смену: нет" in later


def test_all_loads_that_are_due_soon_are_told_however_many_shockers_are_full(
    clock: PlantClock,
) -> None:
    now, shockers = timezone.localtime(), Freezer.objects.filter(kind="shock").order_by("number")
    lots = Lot.objects.bulk_create(Lot(kind="mix") for _ in range(120))
    mixes = Mix.objects.bulk_create(
        Mix(number=f"Ф221120261/{at}", year=2026, index=at, lot=lot, created_at=now)
        for at, lot in enumerate(lots, 1)
    )
    FreezerLoad.objects.bulk_create(
        FreezerLoad(
            state="freezing", freezer=shockers[at // 60], slot=1 + at % 60, mix=mix,
            loaded_at=now, due_at=now + timedelta(hours=3 if at < 110 else 5), created_at=now,
        )
        for at, mix in enumerate(mixes)
    )  # fmt: skip
    assert len(list(PARTS["due_soon"](now))) == 110
    assert f"и ещё {110 - MOST}" in of_plant(now)


def test_raw_for_the_next_shift_is_what_nothing_holds(clock: PlantClock) -> None:
    now = timezone.localtime()
    batches = [batch_in_stock("carcass", kg(one), condition="chilled") for one in (300, 200)]
    assert "Каркас, Охлаждённое: 500,000 кг" in of_plant(now).replace("\u202f", " ")
    place_hold(who("lab"), lot=batches[0].lot, kind="manual", reason="вздутая плёнка", at=now)
    assert "Каркас, Охлаждённое: 200,000 кг" in of_plant(now)
    place_hold(who("lab"), lot=batches[1].lot, kind="antibiotic", reason="следы", at=now)
    assert "Сырьё на следующую смену: нет" in of_plant(now)


def test_the_digest_does_not_count_what_was_taken_back_into_the_mixer(talker: Talker) -> None:
    loaded()
    mix = Mix.objects.get()
    fire(mix, "undo_discharge", who="production_office", reason="не тот плиточник")
    assert "Сделано с 07:00: нет" in of_plant(timezone.localtime())
    write_off_mix(None, at=timezone.localtime(), mix=Mix.objects.get(pk=mix.pk))
    Mix.objects.filter(pk=mix.pk).update(state="on_pallets")
    said = of_plant(timezone.localtime()).replace("\u202f", " ")
    assert "Стандарт, линия 1: 1 замес, 1 000,000 кг" in said


def test_the_report_of_the_digest_has_every_line_of_the_message_with_its_numbers(
    talker: Talker,
) -> None:
    loaded()
    press, now = station("press_line_1"), timezone.localtime()
    stop_station(who("shift_lead"), session=uuid4(), at=now, station=press, reason="Мойка")
    talker.say("lab", "/start", "[Помощь]", "[Нет сырья]", "[Пропустить]", "[Пропустить]")
    talker.say("lab", "[Отправить]")
    talker.after(minutes=20)
    found = report_rows("shift_summary")
    captions = [at for at, row in enumerate(found) if row[0] in TITLES]
    assert [found[at][0] for at in captions] == TITLES
    assert found[captions[0] + 1 : captions[1]] == [
        ["Рецептура", "Линия", "Замесов", "Масса, кг"],
        ["Стандарт", 1, 1, 1000],
        ["Итого", None, "=SUM(C3:C3)", "=SUM(D3:D3)"],
    ]
    due = timezone.localtime(FreezerLoad.objects.get().due_at).replace(tzinfo=None)
    assert ["Плиточник 1", "замес Ф221120261/3/1", due, None] in found
    assert ["Пресс линии 1", "Мойка", 20, None] in found
    assert ["Лапина О. В.", "Нет сырья", 20, None] in found
    assert ["Каркас", "Охлаждённое", 500, None] in found
    assert "Блокировок нет" in [row[0] for row in found]


def test_a_check_that_nobody_made_has_a_part_of_its_own(talker: Talker) -> None:
    lot = batch_in_stock("carcass", kg(500)).lot
    missed = a_deviation(1, lot)
    missed.kind, missed.label, missed.asked_at = "missed_check", "Проверка", timezone.localtime()
    missed.save()
    said = of_plant(timezone.localtime()).splitlines()
    at = said.index("Пропущенные проверки:")
    assert said[at + 1].startswith("Д-1: Проверка")
    assert "Отклонения за смену: нет" in said


def test_the_report_of_the_digest_is_not_cut_where_a_message_is(talker: Talker) -> None:
    moment = timezone.localtime()
    for number in range(MOST + 2):
        given = {"resource": f"s{number}", "reason": f"причина {number}"}
        stop(who("shift_lead"), session=uuid4(), at=moment, **given)
    talker.after(minutes=1)
    assert "и ещё 2" in of_plant(timezone.localtime())
    found = report_rows("shift_summary")
    assert len([row for row in found if str(row[1]).startswith("причина")]) == MOST + 2


def test_the_digest_comes_fifteen_minutes_before_the_shift_ends(talker: Talker) -> None:
    talker.after(minutes=44)
    assert not talker.phone("director").sees("Сводка смены…")
    talker.after(minutes=2)
    for role in ("shift_lead", "technologist", "storekeeper", "director"):
        assert talker.phone(role).sees("Сводка смены…Сделано с 07:00: нет…"), role
    assert not talker.phone("lab").sees("Сводка смены…")


def test_a_shift_that_nobody_took_is_a_task_half_an_hour_later(talker: Talker) -> None:
    talker.after(minutes=91)
    task = Task.objects.get(kind="shift_not_taken")
    assert (set(task.roles), task.level) == ({"technologist", "shift_lead"}, 2)
    title = "…Дневная смена не сдана или не принята…"
    for minutes, heard in ((58, False), (2, True)):  # an hour later, not two (domain 14.9.3)
        talker.after(minutes=minutes)
        assert talker.phone("director").sees(title) == heard
    talker.say("shift_lead", "[Сдать смену]", "[Дальше]", "[Пропустить]", "[Сдать]")
    task.refresh_from_db()
    assert task.state == "done"


def test_a_shift_that_was_taken_leaves_no_task_and_both_times(talker: Talker) -> None:
    talker.after(minutes=50)
    talker.say("shift_lead", "/start", "[Сдать смену]", "[Дальше]", "Плиточник 3 гудит", "[Сдать]")
    talker.after(minutes=5)
    talker.say("technologist", "[Принять]")
    handover = Handover.objects.get()
    assert (handover.state, handover.note) == ("accepted", "Плиточник 3 гудит")
    assert handover.taken_by == who("technologist")
    assert handover.taken_at is not None
    assert (handover.taken_at - handover.created_at).total_seconds() == 300
    assert handover.digest.startswith("Сделано с 07:00")
    talker.after(minutes=60)
    assert not Task.objects.filter(kind="shift_not_taken").exists()


def test_who_asks_about_a_shift_may_take_it_afterwards(talker: Talker) -> None:
    talker.say("shift_lead", "/start", "[Сдать смену]", "[Дальше]", "[Пропустить]", "[Сдать]")
    talker.say("technologist", "[Есть вопросы]", "Кто на прессе?")
    handover = Handover.objects.get()
    assert (handover.state, handover.question) == ("questioned", "Кто на прессе?")
    assert talker.phone("shift_lead").sees("Вопрос по смене. …: Кто на прессе?")
    talker.say("technologist", "[Принять]")
    handover.refresh_from_db()
    assert handover.state == "accepted"


def test_a_worker_hands_his_work_to_a_colleague_and_nobody_else_takes_it(talker: Talker) -> None:
    talker.say("lab", "/start", "[Сдать смену]", "[Дальше]", "[Серова Т. Н.]", "[Пропустить]")
    talker.say("lab", "[Сдать]")
    handover = Handover.objects.get()
    assert (handover.whole, handover.successor) == (
        False,
        Person.objects.get(full_name="Серова Т. Н."),
    )
    with pytest.raises(Refused, match="другая роль"):
        fire(handover, "accept", who="shift_lead")
    talker.say("lab2", "[Принять]")
    assert talker.phone("lab").sees("Смену принял(а) Серова Т. Н.")


def test_the_head_of_a_shift_is_who_of_the_leads_took_it(talker: Talker) -> None:
    day = who("shift_lead")
    assert head_of_shift("shift_lead", None) == day
    night = save_person(None, person=None, full_name="Ночной Н. Н.", roles=["shift_lead"])
    taken = START + timedelta(minutes=55)  # 18:55 at the plant
    by_night, by_day = START + timedelta(hours=9), START - timedelta(hours=9)
    assert head_of_shift("shift_lead", by_night) is None
    given = {"session": uuid4(), "created_at": taken, "given_by": day}
    handover = Handover.objects.create(**given, taken_by=night, taken_at=taken, state="offered")
    assert head_of_shift("shift_lead", by_night) is None
    Handover.objects.update(state="accepted")
    assert head_of_shift("shift_lead", by_night) == night
    assert head_of_shift("shift_lead", by_day) is None
    Handover.objects.filter(pk=handover.pk).update(taken_by=who("technologist"))
    assert head_of_shift("shift_lead", by_night) is None


def test_nobody_takes_the_shift_that_he_gives(talker: Talker) -> None:
    one, now, session = who("shift_lead"), timezone.localtime(), uuid4()
    first = give_shift(one, session=session, at=now, whole=True)
    assert give_shift(one, session=session, at=now, whole=True) == first
    fire(first, "offer", who="shift_lead")
    with pytest.raises(Refused, match="делает другой человек"):
        fire(first, "accept", who="shift_lead")
    with pytest.raises(Refused, match="себе нельзя"):
        give_shift(one, session=uuid4(), at=now, whole=False, successor=one)
