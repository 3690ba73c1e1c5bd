"""Choices of fixed options: conditions, typed answers, ticks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from engine.errors import Refusal
from engine.expressions.types import Choice, ListOf, Number, Text
from engine.model.conversation import Input
from engine.model.values import Option
from engine.steps.base import Look, Taken
from tests.engine.steps.views import KG, Desk, photo, refused, step, taken

KINDS = {"soup": "Суп", "keel": "Киль", "bone": {"title": "Трубч. кость", "when": "has_bone"}}
SOUP = Option("soup", "Суп")


def test_an_option_is_taken_by_its_button_or_its_title():
    desk = Desk(step("choice", options=KINDS), {"has_bone": True})
    assert desk.titles() == ["Суп", "Киль", "Трубч. кость"]
    assert taken(desk.press("Киль")) == Option("keel", "Киль")
    assert taken(desk.type("  трубч.  КОСТЬ")) == Option("bone", "Трубч. кость")
    assert refused(desk.type("кост")) == "Выберите одну из кнопок: Суп, Киль, Трубч. кость"


def test_an_option_is_offered_only_while_its_condition_holds():
    desk = Desk(step("choice", options=KINDS), {"has_bone": False})
    assert desk.titles() == ["Суп", "Киль"]
    assert "сейчас не подходит" in refused(desk.give(Input.press("option", "bone")))
    assert refused(desk.type("Трубч. кость")) == "Выберите одну из кнопок: Суп, Киль"
    assert desk.stands(SOUP)
    assert not desk.stands(Option("bone", "Трубч. кость"))
    assert not desk.stands("soup")


def test_an_option_may_ask_an_earlier_question_again():
    options = {"yes": "Да", "fix": {"title": "Исправить", "again": "weight"}}
    desk = Desk(step("choice", options=options))
    assert desk.press("Исправить") == Taken(Option("fix", "Исправить"), "weight")
    assert desk.press("Да") == Taken(Option("yes", "Да"))


def test_a_typed_text_is_taken_beside_the_choices():
    desk = Desk(step("choice", options=KINDS, other={"text": ["2", "10"]}), {"has_bone": True})
    assert taken(desk.type("Шея")) == Option("", "Шея")
    assert taken(desk.type("суп")) == SOUP
    assert "от 2 до 10" in refused(desk.type("Ш"))
    assert desk.stands(Option("", "Шея"))
    assert not Desk(step("choice", options=KINDS)).stands(Option("", "Шея"))


def test_a_typed_number_is_taken_beside_the_choices_with_its_unit_and_range():
    question = step(
        "choice",
        options={"one": "Тележка № 1 (27 кг)", "two": "Тележка № 2 (43 кг)"},
        other={"number": {"unit": "kg", "range": ["0.001", "gross"]}},
    )
    desk = Desk(question, {"gross": Decimal(100)}, unit=KG)
    assert taken(desk.type("12,5")) == Option("", "12,5", number=Decimal("12.5"))
    assert "от 0,001 до 100 кг" in refused(desk.type("101"))
    assert "Например" in refused(desk.type("тяжёлая"))
    assert desk.stands(Option("", "12,5", number=Decimal("12.5")))
    assert not Desk(question, {"gross": Decimal(10)}).stands(
        Option("", "12,5", number=Decimal("12.5"))
    )
    assert not desk.stands(Option("", "Шея"))


def test_the_type_of_a_choice_tells_what_may_be_typed():
    assert step("choice", options=KINDS).result({}) == Choice(("soup", "keel", "bone"))
    other = {"number": {"unit": "kg"}}
    assert step("choice", options={"a": "А"}, other=other).result({}) == Choice(
        ("a",), Number("kg")
    )
    assert step("choice", options={"a": "А"}, other={"text": [1, 2]}).result({}) == Choice(
        ("a",), Text()
    )
    assert step("choices", options={"a": "А"}).result({}) == ListOf(Choice(("a",)))


def test_a_typed_answer_is_of_one_kind():
    for other in ({}, {"text": [1, 2], "number": {}}):
        with pytest.raises(ValidationError, match="нужно одно из двух"):
            step("choice", options={"a": "А"}, other=other)


def test_the_words_of_the_flow_answer_what_is_not_understood():
    desk = Desk(step("choice", options={"a": "А"}, unrecognised="«{typed}» — это не кнопка"))
    assert refused(desk.type("б")) == "«б» — это не кнопка"


def test_ticks_are_set_and_taken_back_until_done():
    desk = Desk(step("choices", options=KINDS), {"has_bone": True})
    assert desk.titles() == ["☐ Суп", "☐ Киль", "☐ Трубч. кость", "Готово"]
    assert "не меньше 1" in refused(desk.press("Готово"))
    desk.press("☐ Киль")
    desk.type("суп")
    assert desk.titles()[:2] == ["☑ Суп", "☑ Киль"]
    assert desk.body() == "Отмечено: 2"
    desk.press("☑ Киль")
    assert taken(desk.press("Готово")) == (SOUP,)


def test_ticks_keep_their_count():
    question = step("choices", options=KINDS, count=["2", "most"], done="Дальше")
    desk = Desk(question, {"has_bone": True, "most": Decimal(2)})
    desk.press("☐ Киль")
    assert "не меньше 2" in refused(desk.press("Дальше"))
    desk.press("☐ Суп")
    assert "не больше 2" in refused(desk.press("☐ Трубч. кость"))
    both = taken(desk.press("Дальше"))
    assert both == (SOUP, Option("keel", "Киль"))
    assert desk.stands(both)
    assert not desk.stands((SOUP,))
    assert not Desk(question, {"has_bone": True, "most": None}).stands(both)


def test_ticks_begin_with_the_answer_given_before():
    desk = Desk(step("choices", options=KINDS), {"has_bone": False}, current=(SOUP,))
    assert desk.titles() == ["☑ Суп", "☐ Киль", "Готово"]
    desk.press("☑ Суп")
    assert desk.titles()[0] == "☐ Суп"


def test_a_tick_on_an_option_that_went_is_not_counted():
    desk = Desk(step("choices", options=KINDS), {"has_bone": True})
    desk.press("☐ Трубч. кость")
    desk.env = {"has_bone": False}
    assert "не меньше 1" in refused(desk.press("Готово"))
    assert not desk.stands((Option("bone", "Трубч. кость"),))


def test_yes_and_no_have_titles_and_are_understood_by_their_words_too():
    desk = Desk(step("yes_no", yes="Совпадает", no="Не совпадает"))
    assert desk.titles() == ["Совпадает", "Не совпадает"]
    assert taken(desk.press("Не совпадает")) is False
    assert taken(desk.type("совпадает")) is True
    assert taken(desk.type("нет")) is False
    assert refused(desk.type("может")) == "Ответьте кнопкой: «Совпадает» или «Не совпадает»"
    assert desk.stands(False)
    assert not desk.stands(0)


@pytest.mark.parametrize("kind", ["choice", "choices", "yes_no"])
@pytest.mark.parametrize(
    "given",
    [Input.files(photo()), Input.other("голосовое сообщение"), Input.press("option", "no such"),
     Input.press("tick", ""), Input.unfit("Файл не открывается")],
)  # fmt: skip
def test_another_kind_of_input_is_refused_with_what_is_expected(kind, given):
    options = {} if kind == "yes_no" else {"options": {"a": "А"}}
    outcome = Desk(step(kind, **options)).give(given)
    assert isinstance(outcome, Refusal)
    assert "Здесь нужно: " in str(outcome) or str(outcome) == "Файл не открывается"


def test_a_skip_is_named_in_the_refusal():
    desk = Desk(step("choice", options={"a": "А"}, skip=True))
    assert refused(desk.give(Input.other("стикер"))).endswith("Пропустить можно кнопкой.")


def test_looking_at_ticks_stores_nothing():
    assert isinstance(Desk(step("choices", options={"a": "А"})).press("☐ А"), Look)
