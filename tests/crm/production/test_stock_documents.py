"""«Остатки» (domain 4.39): the workbooks of 10.2, 10.3, 10.6 and 10.8 on rows of the plant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from crm.bridge.program import program
from crm.bridge.reports import book, workbook
from crm.catalogue.models import RawMaterial
from crm.ledger.models import Balance
from crm.ledger.operations.adjust import adjust
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.facts.raw_balance import raw_balance
from crm.production.facts.rework_available import rework_available
from crm.production.models import Blank, Pallet, PalletItem, SecondMinced
from crm.production.operations.dispose import dispose
from crm.production.operations.write_off_mix import write_off_mix
from crm.production.rework import stock
from crm.quality.models import Hold
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from tests.crm.production.orders import line, planned, rework
from tests.crm.production.pallets import now, stocked, who
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal
MOST_CHARACTERS = 130  # across a sheet that lies: more are printed at less than 80 %
HEAD = ["ID заготовки", "ID партии", "Вид сырья", "Общая масса (кг)", "Массовая доля жира",
        "Массовая доля белка", "Массовая доля влаги", "Есть на складе"]  # fmt: skip


def sheet(report: str, **params: Any) -> Any:
    """Make a report and open what was made."""
    made = book(program(), program().reports[report], params, "Орлова М. С.")
    return load_workbook(BytesIO(workbook(program(), made))).active


def rows(report: str, **params: Any) -> list[list[Any]]:
    return [[plain(cell.value) for cell in row] for row in sheet(report, **params).iter_rows()]


def plain(value: Any) -> Any:
    """Return a date without the midnight that a workbook gives it."""
    return value.date() if isinstance(value, datetime) else value


def red(found: Any) -> set[str]:
    return {
        cell.coordinate
        for row in found.iter_rows()
        for cell in row
        if cell.font.color is not None and cell.font.color.rgb == "00FF0000"
    }


def blank(talker: Talker, title: str = "[Новая заготовка]") -> Blank:
    """Weigh a blank of 1 000 kg каркас and 500 kg СЛЧ and make it ready."""
    batch_in_stock("carcass", kg(2000))
    batch_in_stock("slch", kg(500), ("22.00", "12.00", "63.00"))
    say = talker.say
    say("technologist", "/start", title, "[Каркас]", "[2211/3…]", "1000")
    say("technologist", "[Добавить сырьё]", "[СЛЧ]", "[2211/4…]", "[Все]", "[Подтвердить]")
    say("technologist", "[Сегодня]", "[Сохранить]")
    say("storekeeper", "[Ввести фактический вес сырья]", "1010", "500", "[Сохранить]")
    made = Blank.objects.get()
    Blank.objects.filter(pk=made.pk).update(state="ready")
    return made


def test_frozen_meat_that_a_hold_keeps_is_told_as_in_quarantine(talker: Talker) -> None:
    free, kept = batch_in_stock("carcass", kg(2000)), batch_in_stock("slch", kg(500))
    place_hold(
        who("quality_manager"), lot=kept.lot, kind="manual", reason="вскрыта упаковка", at=now()
    )
    said = {row[0].split(" – ")[0]: row[-1] for row in rows("raw_stock") if row[0] and row[-1]}
    assert (said[str(free)], said[str(kept)]) == ("Да", "Карантин")


def test_blanks_stand_with_their_components_and_chilled_raw_below(talker: Talker) -> None:
    made = blank(talker)
    chilled = batch_in_stock("neck", kg(300), condition="chilled")
    found = sheet("blank_stock")
    supplier = str(chilled.supplier)
    assert [[cell.value for cell in row] for row in found.iter_rows()] == [
        HEAD,
        [made.number, None, None, 1510, 18.66, 12.67, 65.68, "Да"],
        [None, "2211/3", "Каркас", 1010, 17, 13, 67, None],
        [None, "2211/4", "СЛЧ", 500, 22, 12, 63, None],
        [None] * 8,
        ["Охлаждённое сырьё", *[None] * 7],
        [None, f"2211/5 – {supplier}", "Шея", 300, 17, 13, 67, "Да"],
    ]
    assert red(found) == {"A2", "C2", "A7", "C7"}


def test_a_blank_that_is_only_defrosted_shows_what_its_usual_loss_leaves(talker: Talker) -> None:
    made = blank(talker)
    RawMaterial.objects.update(defrost_loss_pct=kg(2))
    Blank.objects.filter(pk=made.pk).update(state="defrosted")
    assert rows("blank_stock")[1][:4] == [made.number, None, None, 1479.8]


def test_pet_food_blanks_stand_with_the_rework_that_may_be_added(talker: Talker) -> None:
    made = blank(talker, "[Новая заготовка пет-фуд]")
    old, young = rework("30", 1, age_days=1), rework("50.5", 2, generation=2)
    found = rows("pet_food_blank_stock")
    assert found[1][:4] == [made.number, None, None, 1510]
    assert found[4:] == [
        [None] * 8,
        ["Вторфарш", *[None] * 7],
        ["Номер", "Дата выработки", "Доступно (кг)", "Поколение", *[None] * 4],
        [old.number, date(2026, 11, 21), 30, 1, *[None] * 4],
        [young.number, date(2026, 11, 22), 50.5, 2, *[None] * 4],
        ["Итого", None, "=SUM(C8:C9)", None, *[None] * 4],
    ]
    assert rows("blank_stock")[1][0] == "Готовых заготовок нет"


def test_the_list_of_rework_is_what_an_order_may_draw(talker: Talker) -> None:
    """Also what is on a pallet of the store; not what a hold keeps from planning."""
    talker.say("storekeeper", "/start", "[Принять]", "[Принять вторфарш]", "[Сегодня]", "77")
    talker.say("storekeeper", "[Без происхождения]", "40", "340,5", "22", "18,5")
    talker.say("storekeeper", "{photo}", "[Продолжить]", "[Принять]")
    rework("30", number=9)
    accepted = SecondMinced.objects.get(state="on_pallet")
    numbers = [row[0] for row in rows("pet_food_blank_stock")]
    assert ("2211/9/Вторфарш" in numbers, accepted.number in numbers) == (True, False)
    assert rework_available() == sum(free for _, free in stock()) == kg(30)
    who, now = Person.objects.holding("technologist").first(), timezone.localtime()
    release_hold(who, hold=Hold.objects.get(), reason="нашли заказ", at=now)
    numbers = [row[0] for row in rows("pet_food_blank_stock")]
    assert ("2211/9/Вторфарш" in numbers, accepted.number in numbers) == (True, True)
    assert rework_available() == kg(330)
    another = Pallet.objects.get().items.get()  # the rest of the lot, on a pallet of its own
    PalletItem.objects.create(pallet=stocked(8), lot=another.lot, kg=another.kg)
    with CaptureQueriesContext(connection) as asked:
        assert rework_available() == kg(330)
    assert len(asked) == 1
    assert sum(free for _, free in stock()) == kg(330)


@pytest.mark.parametrize("report", ["blank_stock", "pet_food_blank_stock"])
def test_a_list_of_blanks_is_no_wider_than_a_sheet_that_is_read_without_a_glass(
    talker: Talker, report: str
) -> None:
    blank(talker)
    found = sheet(report)
    setup = (found.page_setup.orientation, found.page_setup.fitToWidth)
    assert setup == ("landscape", 1)
    assert sum(column.width for column in found.column_dimensions.values()) <= MOST_CHARACTERS


def test_the_day_list_has_all_four_kinds_and_starts_at_zero(talker: Talker) -> None:
    found = rows("second_minced_day")
    captions = [row[0] for row in found if row[0]]
    for kind in ("Вторфарш", "МКО1", "МКО2", "МКО3", "Суммарный итог:"):
        assert kind in captions
    assert captions.count("Итог:") == 4


def test_a_lot_belongs_to_the_production_day_in_which_it_was_entered(talker: Talker) -> None:
    made = rework("30", 1)
    before = rework("50", 2)
    early = timezone.localtime().replace(hour=6, minute=59)
    SecondMinced.objects.filter(pk=before.pk).update(registered_at=early)
    numbers = [row[0] for row in rows("second_minced_day")]
    assert made.number in numbers
    assert before.number not in numbers


def period(hours: int = 24) -> tuple[datetime, datetime]:
    begins = timezone.localtime().replace(hour=7, minute=0, second=0, microsecond=0)
    return begins, begins + timedelta(hours=hours)


def test_the_raw_balance_closes_to_the_gram_with_what_the_books_say(talker: Talker) -> None:
    batch = batch_in_stock("carcass", kg("2000.001"), condition="chilled")
    other = batch_in_stock("keel", kg("12"))
    order = planned([line("1000", batch)], 3)
    first = order.mixes.order_by("index").first()
    assert first is not None
    write_off_mix(None, at=timezone.localtime(), mix=first)
    person = Person.objects.holding("production_office").earliest("id")
    adjust(
        person, lot=batch.lot, counted=kg("1666.168"), reason="Пересчитали тару", session=uuid4(),
        at=timezone.localtime(),
    )  # fmt: skip
    gone = batch_in_stock("keel", kg("7.5"))
    dispose(person, at=period()[1], batch=gone, reason="истёк срок хранения")  # of the next day
    found = {one["batch"].pk: one for one in raw_balance(period())}
    one = found[batch.pk]
    assert (found[gone.pk]["corrections"], found[gone.pk]["end"]) == (0, kg("7.5"))
    names = ("start", "income", "usage", "corrections", "end")
    assert [one[name] for name in names] == [
        0, kg("2000.001"), kg("333.333"), kg("-0.5"), kg("1666.168")
    ]  # fmt: skip
    store = Balance.objects.get(lot=batch.lot, account="raw_store")
    assert one["end"] == store.physical
    talker.clock.move_to(talker.clock.now() + timedelta(days=1))
    later = {line["batch"].pk: line for line in raw_balance(period())}
    assert [later[other.pk][name] for name in names] == [12, 0, 0, 0, 12]
    assert [later[gone.pk][name] for name in names] == [kg("7.5"), 0, 0, kg("-7.5"), 0]
    assert rows("raw_balance", material=None)[0][0]
    cells = rows("raw_balance")
    assert [row[1:] for row in cells if row[1] == batch.number] == [
        [batch.number, 1666.168, 0, 0, 0, 1666.168]
    ]
    assert cells[-1][0] == "Итого"
    assert cells[-1][2].startswith("=")


def test_the_technologist_gets_the_workbook_that_he_asks_for(talker: Talker) -> None:
    talker.say("technologist", "/start", "[Остатки]", "[Баланс сырья]")
    assert talker.phone("technologist").sees("📎 report")
