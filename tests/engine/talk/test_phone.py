"""What a fragment and a button's title of a talk mean on a phone."""

import pytest

from engine.model.conversation import Button
from engine.talk.phone import fits, titled
from engine.talk.stage import Message


@pytest.mark.parametrize(
    ("fragment", "text", "expected"),
    [
        ("Партия", "Партия", True),
        ("Партия", "Партия 1", False),
        ("Партия…", "Партия 1", True),
        ("…1", "Партия 1", True),
        ("…масса 18 250,500 кг…", "Партия, масса 18\u202f250,500 кг, бирок 2", True),
        ("Главное меню…Ветров П. А.", "Главное меню\nВетров П. А.", True),
        ("…(1)…", "Мои задачи (1)", True),
        ("…2…1…", "1 2", False),
    ],
)
def test_a_fragment_fits_a_text(fragment: str, text: str, expected: bool):
    assert fits(fragment, text) is expected


def message(*titles: str) -> Message:
    return Message(1, 1, "", tuple(Button(title, "x") for title in titles), titles)


def test_an_exact_title_wins_over_one_that_contains_it():
    one = message("Каркас ЦБ", "Каркас")
    assert titled("Каркас", [one]) == [(one, 1)]


def test_a_part_of_one_title_means_it():
    one = message("ООО «Учебная компания 1»", "ООО «Учебная компания 2»")
    assert titled("Учебная компания 2", [one]) == [(one, 1)]


def test_a_part_of_two_titles_means_neither():
    assert titled("Учебная компания", [message("Учебная компания 1", "Учебная компания 2")]) == []
