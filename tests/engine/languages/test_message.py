"""A message is Russian to whoever does not care, and whole to whoever translates."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal

import pytest
from babel.core import Locale

from engine.errors import Refusal
from engine.languages.message import (
    Message,
    Numeral,
    capitalised,
    category,
    counted,
    filled,
    has_words,
    holes,
    lowered,
)
from engine.languages.packed import pack, unpack


def test_a_message_is_the_russian_text_with_its_values():
    left = Message("Осталось {left} кг", {"left": "81,000"})
    assert left == "Осталось 81,000 кг"
    assert (left.template, left.values) == ("Осталось {left} кг", {"left": "81,000"})
    assert json.dumps([left], ensure_ascii=False) == '["Осталось 81,000 кг"]'


def test_a_hole_keeps_its_expression_and_doubled_braces_are_literal():
    text = "{batch.number} {{кг}} {'a}' if late else \"b\"}"
    assert holes(text) == ("batch.number", "'a}' if late else \"b\"")
    assert filled(text, {"batch.number": "7"}) == "7 {кг} {'a}' if late else \"b\"}"


def test_what_people_type_is_never_a_template():
    assert Message("Нет «{said}»", {"said": "{left}", "left": "1"}) == "Нет «{left}»"


def test_an_empty_value_empties_its_hole():
    assert Message("Сюда не подходит {came}.{way_out}", {"came": "фото", "way_out": ""}) == (
        "Сюда не подходит фото."
    )


def test_a_message_never_changes():
    with pytest.raises(AttributeError):
        Message("Да").template = "Нет"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_a_copy_is_the_same_message(again):
    one = counted(3, {"n": "3"}, one="{n} ответ", few="{n} ответа", many="{n} ответов")
    other = again(one)
    assert type(other) is Message
    assert other == "3 ответа"
    assert [getattr(other, part) for part in Message.__slots__] == [
        getattr(one, part) for part in Message.__slots__
    ]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((number, "one") for number in (1, 21, -1, Decimal("1.0"))),
        *((number, "few") for number in (2, 22)),
        *((number, "many") for number in (0, 5, 11, 12, 14, 111)),
        (Decimal("2.5"), "other"),
    ],
)
def test_numbers_are_counted_in_russian_as_cldr_says(number, expected):
    assert category(number) == expected


def test_a_fraction_without_its_own_form_is_counted_like_two():
    forms = {"one": "{n} час", "few": "{n} часа", "many": "{n} часов"}
    assert counted(Decimal("2.5"), {"n": "2,5"}, **forms) == "2,5 часа"
    assert counted(Decimal("2.5"), {"n": "2,5"}, **forms, other="{n} ч") == "2,5 ч"


def test_a_refusal_is_a_message():
    refusal = Refusal("От {least} до {most} кг", {"least": "0", "most": "100"})
    assert refusal.said == str(refusal) == "От 0 до 100 кг"
    assert refusal.said.template == "От {least} до {most} кг"


@pytest.mark.parametrize(
    "numbers", [range(1001), [Decimal("0.1"), Decimal("2.5"), Decimal("21.3")]]
)
def test_russian_is_counted_as_babel_counts_it(numbers):
    rule = Locale("ru").plural_form
    assert [category(number) for number in numbers] == [rule(number) for number in numbers]


def test_a_number_is_counted_by_what_it_is_and_shown_as_it_is_written():
    text = Message(
        "{n} {n | one замес | few замеса | many замесов}", {"n": Numeral("1\u202f021", 1021)}
    )
    assert text == "1\u202f021 замес"


def test_words_at_a_number_are_text_to_translate():
    assert has_words("{n | one замес | few замеса | many замесов}")


def test_a_text_within_a_sentence_has_a_small_letter_in_every_language() -> None:
    state = lowered(Message("Ждёт ФХП"))
    assert (state, lowered("In stock"), lowered("")) == ("ждёт ФХП", "in stock", "")
    assert lowered(capitalised(state)) == "ждёт ФХП"
    assert unpack(pack(state)) == state
    assert unpack(pack(state)).capital is False  # type: ignore[attr-defined]
    assert pickle.loads(pickle.dumps(state)).capital is False
