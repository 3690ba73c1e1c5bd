"""Values as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from engine.model.files import DOCX, PDF, FileRef
from engine.model.values import Option, Row, show, show_number

PHOTO = FileRef("p", "0" * 64, 10, "image/jpeg")
ACT = FileRef("d", "1" * 64, 10, DOCX, "акт 2111-3.docx")
NAMELESS = FileRef("n", "2" * 64, 10, PDF)
SHOWN = [
    (None, "—"),
    (True, "Да"),
    (Decimal("1200.50"), "1\u202f200,5"),
    (Decimal("-0.5"), "−0,5"),
    (12, "12"),
    (date(2026, 11, 24), "24.11.2026"),
    (datetime(2026, 11, 24, 7, 5, tzinfo=UTC), "24.11.2026 07:05"),
    (time(7, 5), "07:05"),
    (timedelta(minutes=150), "2 ч 30 мин"),
    (timedelta(days=2, seconds=59), "2 д"),
    (timedelta(seconds=-30), "0 мин"),
    (Option("frozen", "Замороженное"), "Замороженное"),
    (Row("mix", "m1", "Ф1"), "Ф1"),
    ((PHOTO, PHOTO), "фото: 2"),
    ((ACT,), "акт 2111-3.docx"),
    ((PHOTO, NAMELESS, PHOTO), "фото: 2, файл"),
    ((Option("a", "Первый"), Option("b", "Второй")), "Первый, Второй"),
    ((), "—"),
    (2832, "2832"),  # whole numbers are names and counts: pallet 2832 is not «2 832»
    (-2832, "−2832"),
]


@pytest.mark.parametrize(("value", "text"), SHOWN)
def test_a_value_is_shown_as_people_write_it(value, text):
    assert show(value) == text


def test_a_number_of_any_size_is_shown():
    assert len(show_number(Decimal("1e6000"))) == 6001 + 2000
    assert show_number(Decimal("1e-40"), 3) == "0,000"


def test_a_typed_answer_is_read_by_its_name_and_a_chosen_one_has_none():
    assert Option("", "12,5", number=Decimal("12.5")).fields == {"typed": Decimal("12.5")}
    assert Option("", "Шея").fields == {"typed": "Шея"}
    assert Option("soup", "Суп").fields == {"typed": None}
