"""Workbooks of rows: blanks (10.2), pet-food (10.3), the second minced meat of a day (10.8)."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from crm.bridge.program import program
from crm.bridge.reports import book, workbook
from crm.plant.talker import Talker
from crm.production.models import Blank
from tests.crm.production.orders import rework
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal


def rows(report: str, **params: Any) -> list[list[Any]]:
    """Make a report and return its cells that hold something."""
    made = book(program(), program().reports[report], params, "Орлова М. С.")
    sheet: Any = load_workbook(BytesIO(workbook(program(), made))).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [row for row in found if any(cell is not None for cell in row)]


def test_the_workbook_of_blanks_shows_a_blank_its_parts_and_chilled_meat(talker: Talker) -> None:
    batch_in_stock("carcass", kg(1000))
    batch_in_stock("slch", kg(700), ("22.00", "12.00", "63.00"), "chilled")
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "500")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    talker.say("storekeeper", "[Ввести фактический вес сырья]", "[Как в плане]", "[Сохранить]")
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    talker.say("defrost_operator", "[Включить дефростер]", "[Включить дефростер]")
    talker.after(minutes=600)
    talker.say("defrost_operator", "[Выключить дефростер]", "[Выключить дефростер]")
    talker.say("defrost_operator", "[Завершить дефростацию…]", "[Завершить работу]")
    talker.say("defrost_operator", "480", "[Пропустить]", "[Сохранить]")
    assert Blank.objects.get().state == "ready"
    found = rows("blank_stock")
    said = {(str(row[0] or ""), row[1]): row for row in found}
    assert any("З22112026/3" in first for first, _ in said), found
    masses = {row[3] for row in found}
    assert {480, 700} <= masses, found
    assert any(row[1] and str(row[1]).startswith("2211/4") for row in found), found


def test_the_workbook_of_pet_food_shows_the_second_minced_meat_by_age(talker: Talker) -> None:
    rework("50", number=2)
    rework("30", age_days=1)
    found = rows("pet_food_blank_stock")
    lots = [row[:4] for row in found if str(row[0]).endswith("/Вторфарш")]
    assert [(row[0], row[2], row[3]) for row in lots] == [
        ("2111/1/Вторфарш", 30, 1), ("2211/2/Вторфарш", 50, 1),
    ]  # fmt: skip


def test_the_workbook_of_the_day_has_all_four_kinds_and_begins_at_nought(talker: Talker) -> None:
    empty = rows("second_minced_day")
    assert [row[0] for row in empty if row[0] in ("Вторфарш", "МКО1", "МКО2", "МКО3")] == [
        "Вторфарш", "МКО1", "МКО2", "МКО3",
    ]  # fmt: skip
    rework("30")
    assert any(30 in row for row in rows("second_minced_day"))
