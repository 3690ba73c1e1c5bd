"""Labels of buttons: what tells two of them apart stays when they are cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.model.labels import LONGEST, label, labels


@pytest.mark.parametrize(
    "words",
    [
        "2011/3 – Птицефабрика «Примерная» – 1 200 кг – Ж 17,00",
        "2111/4 – Агрофирма «Учебная», площадка 2 – 800 кг – Ж 22,00",
        "3. Каркас, 2011/3 – Птицефабрика «Примерная» – 866,7 кг",
        "Оставить: Птицефабрика «Образцовая», площадка номер 2",
    ],
)
def test_kilograms_and_fat_stay_when_a_name_between_them_is_long(words: str):
    cut = label(words)
    assert len(cut) <= LONGEST
    assert "…" in cut
    assert re.findall(r"\d+", cut) == re.findall(r"\d+", words)


def test_a_label_that_fits_stays_and_one_of_blanks_shows_something():
    assert label("Совпадает") == "Совпадает"
    assert label("2011/3 –  1 200 кг") == "2011/3 – 1 200 кг"
    assert label("   ") == "…"


def test_a_name_without_numbers_loses_its_end():
    assert label("а" * 60) == "а" * 39 + "…"


def test_numbers_alone_that_do_not_fit_keep_the_first_and_the_last():
    cut = label("Ф22112026Стандарт/1/1 – 866,700 кг – З2011/3 – 1 200,000 кг")
    assert len(cut) == LONGEST
    assert cut.startswith("Ф22112026Стандарт/1/1")
    assert cut.endswith("200,000 кг")


def test_two_labels_of_a_keyboard_that_would_look_the_same_are_cut_elsewhere():
    long = "Очень длинное название первой компании области"
    shown = labels([f"{long} с цехом Альфа и Бета", f"{long} с цехом Альфа и Гамма", "Отмена"])
    assert len(set(shown)) == 3
    assert shown[2] == "Отмена"
    assert all(len(one) <= LONGEST for one in shown)


def test_buttons_that_say_the_same_look_the_same():
    shown = labels(["Одно и то же очень длинное название кнопки списка"] * 2)
    assert len(set(shown)) == 1


words = some.text(some.sampled_from("аб 1,–.\n"), max_size=90)


@given(some.lists(words, max_size=4))
def test_a_label_is_never_empty_nor_too_long(words: list[str]):
    shown = labels(words)
    assert len(shown) == len(words)
    assert all(0 < len(one) <= LONGEST and one == one.strip() for one in shown), shown
