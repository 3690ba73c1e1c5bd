"""Blanks on rows, from the plan to the defroster and back, by talking and by operations."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.catalogue.reference import SINCE
from crm.fact import Line
from crm.ledger.models import Balance, Edge, Event, Reservation
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.blend import blend, part_of_batch
from crm.production.models import Blank, RawBatch
from crm.production.operations.weigh_blank import weigh_blank
from crm.quality.approved import unapproved
from crm.quality.models import Deviation, LimitVersion
from crm.work.models import Task
from engine.errors import Refused
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal


@pytest.fixture
def talker(talker: Talker) -> Talker:
    """The talker of every plant, where a limit says how far a blank may be off."""
    values = {"least": -100, "most": 200, "unit": "kg", "source": "Q2", "since": SINCE}
    LimitVersion.objects.get_or_create(name="blank_tolerance", version=1, defaults=values)
    return talker


@pytest.fixture
def stock(talker: Talker) -> list[RawBatch]:
    """Golden numbers D1: каркас 1 000 kg, СЛЧ 500 kg, шея 300 kg that nobody analysed."""
    return [
        batch_in_stock("carcass", kg(2000), ("17.00", "13.00", "67.00")),
        batch_in_stock("slch", kg(500), ("22.00", "12.00", "63.00")),
        batch_in_stock("neck", kg(300), None),
    ]


def plan(talker: Talker, first: str = "1000") -> Blank:
    """Plan a blank of carcass and СЛЧ."""
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", first)
    talker.say("technologist", "[Добавить сырьё]", "[СЛЧ]", "[2211/4…]", "[Все]", "[Подтвердить]")
    talker.say("technologist", "[Сегодня]", "[Сохранить]")
    return Blank.objects.latest("id")


def weigh(talker: Talker, *kilograms: str) -> None:
    talker.say("storekeeper", "[Ввести фактический вес сырья]", *kilograms, "[Сохранить]")


def test_a_composition_is_what_its_analysed_part_is(stock: list[RawBatch]) -> None:
    masses = (kg(1000), kg(500), kg(300))
    made = blend(part_of_batch(one, mass) for one, mass in zip(stock, masses, strict=True))
    assert (made.fat, made.protein, made.moisture) == (kg("18.67"), kg("12.67"), kg("65.67"))
    assert (made.unanalysed, made.unanalysed_percent) == (kg(300), kg("16.70"))
    nothing = blend([part_of_batch(stock[2], kg(5))])
    assert (nothing.fat, nothing.unanalysed_percent) == (None, kg("100.00"))


def test_the_guide_of_the_second_recipe_gives_what_the_plant_reckons(talker: Talker) -> None:
    """Golden numbers D2: каркас 40, шея 60; the first recipe is planned in test_orders."""
    carcass = batch_in_stock("carcass", kg(2000), ("17.00", "13.00", "67.00"))
    neck = batch_in_stock("neck", kg(2000), ("14.00", "13.80", "69.00"))
    made = blend([part_of_batch(carcass, kg(400)), part_of_batch(neck, kg(600))])
    assert (made.fat, made.protein, made.moisture) == (kg("15.20"), kg("13.48"), kg("68.20"))


def test_a_planned_blank_reserves_every_line_and_goes_to_weighing(
    talker: Talker, stock: list[RawBatch]
) -> None:
    blank = plan(talker)
    assert (blank.number, blank.state) == ("З22112026/3", "weighing")
    assert {row.kg for row in Reservation.objects.all()} == {kg(1000), kg(500)}
    assert (blank.fat, blank.analysed_kg) == (kg("18.67"), kg(1500))
    phone = talker.phone("storekeeper")
    assert phone.sees("Новая заготовка З22112026/3…2211/3 Каркас – 1 000,000 кг…"), (
        phone.described()
    )


def test_the_actual_weight_of_each_component_is_written_off(
    talker: Talker, stock: list[RawBatch]
) -> None:
    blank = plan(talker)
    weigh(talker, "1100", "450")
    blank.refresh_from_db()
    assert (blank.state, blank.weight_planned, blank.weight_actual) == (
        "unpacking", kg(1500), kg(1550),
    )  # fmt: skip
    left = {row.lot_id: row.physical for row in Balance.objects.filter(account="raw_store")}
    assert left == {stock[0].lot_id: kg(900), stock[1].lot_id: kg(50), stock[2].lot_id: kg(300)}
    assert not Reservation.objects.filter(kg__gt=0).exists()
    edges = {(edge.parent_id, edge.kg) for edge in Edge.objects.filter(child=blank.lot)}
    assert edges == {(stock[0].lot_id, kg(1100)), (stock[1].lot_id, kg(450))}
    # 1100 of 17.00 and 450 of 22.00
    assert (blank.fat, blank.analysed_kg) == (kg("18.45"), kg(1550))


def test_more_than_is_free_is_refused_and_a_weight_out_of_tolerance_waits_for_a_decision(
    talker: Talker, stock: list[RawBatch]
) -> None:
    plan(talker)
    phone = talker.say("storekeeper", "[Ввести фактический вес сырья]", "[Как в плане]", "500,001")
    assert phone.sees("…На складе больше нет…"), phone.described()
    phone = talker.say("storekeeper", "399,999")
    assert phone.sees("…Вес отличается от норм…"), phone.described()
    talker.say("storekeeper", "[Запросить технолога]")
    talker.say("technologist", "[✅ Подтвердить]", "[Пропустить]")
    talker.say("storekeeper", "[Продолжить]", "[Сохранить]")
    assert Blank.objects.get().weight_actual == kg("1399.999")


def test_a_weight_out_of_tolerance_is_refused_whatever_the_form_says_it_measured(
    talker: Talker, stock: list[RawBatch]
) -> None:
    blank = plan(talker)
    lines = [Line("", "", {"actual": mass}) for mass in (kg(1000), kg("399.999"))]
    with pytest.raises(Refused, match="Вес отличается от плана на −100,001 кг"):
        weigh_blank(
            Person.objects.holding("storekeeper").earliest("id"), session=uuid4(),
            at=timezone.localtime(), blank=blank, lines=lines, measurements=None,
        )  # fmt: skip
    assert not blank.items.filter(kg_actual__isnull=False).exists()


def test_an_approval_is_for_one_weight_alone(talker: Talker, stock: list[RawBatch]) -> None:
    plan(talker)
    talker.say("storekeeper", "[Ввести фактический вес сырья]", "[Как в плане]", "399,999")
    talker.say("storekeeper", "[Запросить технолога]")
    talker.say("technologist", "[✅ Подтвердить]", "[Пропустить]")
    session, at = Deviation.objects.get().session, timezone.localtime()

    def found(*values: str) -> Decimal | None:
        return unapproved(
            map(kg, values), limit="blank_tolerance", kind="blank_weight", session=session, at=at
        )

    assert found("-100.001", "200", "-100") is None
    assert found("-100.001", "-100.001") == kg("-100.001")
    assert found("-100.002") == kg("-100.002")
    assert found("200.001") == kg("200.001")


def test_a_blank_sent_back_to_weighing_is_as_it_was_planned(
    talker: Talker, stock: list[RawBatch]
) -> None:
    blank = plan(talker)
    weigh(talker, "1100", "450")
    report_problem(talker)
    talker.after(minutes=1)
    talker.say("technologist", "[Вернуть на взвешивание]", "перепутали партии")
    blank.refresh_from_db()
    assert (blank.state, blank.weight_actual, blank.fat) == ("weighing", None, kg("18.67"))
    assert {row.physical for row in Balance.objects.filter(account="raw_store")} == {
        kg(2000), kg(500), kg(300),
    }  # fmt: skip
    assert sorted(row.kg for row in Reservation.objects.all()) == [kg(500), kg(1000)]
    assert not Edge.objects.filter(child=blank.lot, voided_by=None).exists()
    weigh(talker, "1000", "500")
    blank.refresh_from_db()
    assert (blank.state, blank.weight_actual) == ("unpacking", kg(1500))
    assert Event.objects.filter(kind="weigh_blank").count() == 2


def report_problem(talker: Talker) -> None:
    talker.say("unpacker_blanks", "[Ошибка]", "[Не та партия]", "стоит 2211/4")
    talker.say("unpacker_blanks", "[Пропустить]", "[Отправить]")


def test_a_blank_taken_off_returns_everything(talker: Talker, stock: list[RawBatch]) -> None:
    blank = plan(talker)
    weigh(talker, "1100", "450")
    report_problem(talker)
    talker.say("technologist", "[Снять заготовку]", "больше не нужна")
    blank.refresh_from_db()
    assert (blank.state, blank.lot.born) == ("cancelled", None)
    assert not Reservation.objects.exists()
    assert {row.physical for row in Balance.objects.filter(account="raw_store")} == {
        kg(2000), kg(500), kg(300),
    }  # fmt: skip


def test_the_drip_is_posted_and_every_time_in_the_defroster_is_kept(
    talker: Talker, stock: list[RawBatch]
) -> None:
    blank = plan(talker)
    weigh(talker, "1000", "500")
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    talker.say("defrost_operator", "[Включить дефростер]", "[Включить дефростер]")
    talker.after(minutes=600)
    talker.say("defrost_operator", "[Выключить дефростер]", "[Выключить дефростер]")
    phone = talker.say("defrost_operator", "[Завершить дефростацию…]", "[Завершить работу]")
    phone = talker.say("defrost_operator", "1450", "-2,5", "[Сохранить]")
    blank.refresh_from_db()
    assert blank.state == "ready", phone.described()
    assert Balance.objects.get(lot=blank.lot, account="blank_store").physical == kg(1450)
    assert Balance.objects.get(lot=blank.lot, account="loss_drip").physical == kg(50)
    run = blank.defrost_runs.get()
    assert run.stopped is not None
    assert (run.stopped - run.started).total_seconds() == 36000


def test_a_defroster_is_switched_off_also_by_a_clock_that_stepped_back(
    talker: Talker, stock: list[RawBatch]
) -> None:
    blank = plan(talker)
    weigh(talker, "1000", "500")
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    talker.say("defrost_operator", "[Включить дефростер]", "[Включить дефростер]")
    blank.refresh_from_db()
    assert blank.defrost_started is not None
    ahead = blank.defrost_started + timedelta(hours=1)  # the clock was wrong, and is set right now
    Blank.objects.filter(pk=blank.pk).update(defrost_started=ahead)
    phone = talker.say("defrost_operator", "[Выключить дефростер]", "[Выключить дефростер]")
    blank.refresh_from_db()
    assert blank.state == "defrosted", phone.described()
    run = blank.defrost_runs.get()
    assert (run.started, run.stopped) == (ahead, ahead)


def test_a_form_that_ends_up_with_another_record_leaves_the_task_it_was_begun_by(
    talker: Talker, stock: list[RawBatch]
) -> None:
    """Found by the simulated plant: a blank stood in the defroster with no task to take it out."""
    first = plan(talker)
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "400")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    second = Blank.objects.latest("id")
    for weights in (("1000", "500"), ("400",)):
        weigh(talker, *weights)
        talker.say("unpacker_blanks", "[Заготовка растарена]")
        talker.say("defrost_operator", "[Включить дефростер…]", "[Включить дефростер]")
    talker.say("defrost_operator", "/tasks", f"[…{first.number}…]", "[✏ Заготовка]")
    talker.say("defrost_operator", f"[{second.number}…]", "[Выключить дефростер]")
    for blank in (first, second):
        blank.refresh_from_db()
    assert (first.state, second.state) == ("defrosting", "defrosted")
    waiting = Task.objects.waiting().filter(subject="blank").values_list("subject_id", "state")
    assert sorted(waiting) == sorted((str(blank.pk), "open") for blank in (first, second))


def test_two_who_reserve_the_last_kilogram_are_told_apart(
    talker: Talker, stock: list[RawBatch]
) -> None:
    first = ("/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "1500", "[Подтвердить]")
    talker.say("technologist", *first, "[Сегодня]")
    talker.say("technologist2", *first, "[Сегодня]", "[Сохранить]")
    phone = talker.say("technologist", "[Сохранить]")
    assert phone.sees("…500,000…"), phone.described()
    assert Blank.objects.count() == 1
