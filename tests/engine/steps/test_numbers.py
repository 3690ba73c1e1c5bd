"""Numbers, whole numbers and texts, as they are typed and refused (domain 3.14)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from engine.model.conversation import Input
from engine.steps.base import Taken, UnitForm
from tests.engine.steps.views import CELSIUS, KG, Desk, photo, refused, step, taken

READ = [
    ("12,5", "12.5"),
    ("12.5", "12.5"),
    ("  12,5 ", "12.5"),
    ("1 200,5", "1200.5"),
    ("1\u00a0200", "1200"),
    ("1\u2009200", "1200"),
    ("1\u202f200", "1200"),
    ("−5", "-5"),
    ("–5", "-5"),
    ("— 5", "-5"),
    ("-5,500", "-5.500"),
    ("0", "0"),
    ("007", "7"),
]
NOT_READ = [
    *("", "   ", ",", ".", "двенадцать", "12кг", "1,2,3", "1.2.3", "1,2.3", "1e3", "1E3", "1_000"),
    *("１２", "١٢", "12 5", "1 20", "--5", "+5", "5-", "0x10", "inf", "NaN", "½", "1" * 31, "5 %"),
]


@pytest.mark.parametrize(("said", "value"), READ)
def test_a_number_is_read_as_people_write_it(said, value):
    assert taken(Desk(step("number")).type(said)) == Decimal(value)


@pytest.mark.parametrize("said", NOT_READ)
def test_what_is_no_number_is_refused_with_an_example(said):
    assert "12,5" in refused(Desk(step("number")).type(said))


def test_more_digits_than_the_unit_has_are_refused():
    desk = Desk(step("number", unit="°C"), unit=CELSIUS)
    assert "не больше 1" in refused(desk.type("-5,55"))
    assert taken(desk.type("-5,50")) == Decimal("-5.50")


def test_the_range_of_the_sensor_and_of_the_question_hold_both():
    desk = Desk(
        step("number", unit="°C", range=["-20", "most"]), {"most": Decimal(5)}, unit=CELSIUS
    )
    assert refused(desk.type("185")) == "Нужно число от −20 до 5 °C"
    assert refused(desk.type("-20,1")) == "Нужно число от −20 до 5 °C"
    assert taken(desk.type("5")) == 5
    assert taken(desk.type("-20")) == -20
    assert refused(Desk(step("number", unit="°C"), unit=CELSIUS).type("-61")).startswith(
        "Нужно число от −60 до 40"
    )


def test_a_bound_that_cannot_be_told_lets_nothing_pass():
    desk = Desk(step("number", range=["0", "available(batch)"]))
    assert "не узнать" in refused(desk.type("5"))
    assert not desk.stands(Decimal(5))


def test_a_button_is_shown_only_when_its_value_is_given_and_is_rounded_to_the_unit():
    all_of_it = step("number", unit="kg", buttons={"Все": "rest", "Треть": "rest / 3"})
    assert Desk(all_of_it, {"rest": None}, unit=KG).titles() == []
    desk = Desk(all_of_it, {"rest": Decimal("20")}, unit=KG)
    assert desk.titles() == ["Все", "Треть"]
    assert taken(desk.press("Треть")) == Decimal("6.667")
    assert taken(Desk(all_of_it, {"rest": 20}, unit=KG).press("Все")) == Decimal(20)


def test_the_value_of_a_button_keeps_the_range():
    desk = Desk(step("number", unit="kg", range=["0", "10"], buttons={"Все": "rest"}),
                {"rest": Decimal(11)}, unit=KG)  # fmt: skip
    assert "от 0 до 10 кг" in refused(desk.press("Все"))


def test_a_number_stands_while_it_is_in_its_range():
    question = step("number", range=["0", "most"])
    assert Desk(question, {"most": Decimal(10)}).stands(Decimal(10))
    assert not Desk(question, {"most": Decimal(9)}).stands(Decimal(10))
    assert not Desk(question, {"most": Decimal(9)}).stands("10")


@pytest.mark.parametrize("said", ["12,5", "12.0001", "1/2"])
def test_a_whole_number_takes_no_fraction(said):
    assert "12" in refused(Desk(step("integer", range=["0", "9999"])).type(said))


def test_a_whole_number_is_taken():
    assert taken(Desk(step("integer", range=["0", "9999"])).type("9 999")) == Decimal(9999)
    assert "от 0 до 9" in refused(Desk(step("integer", range=["0", "9999"])).type("10000"))


def test_a_text_keeps_its_length_in_characters():
    desk = Desk(step("text", length=["3", "most"]), {"most": Decimal(5)})
    assert taken(desk.type("  шея  ")) == "шея"
    assert "от 3 до 5" in refused(desk.type("ёж"))
    assert "от 3 до 5" in refused(desk.type("каркас"))
    assert refused(desk.type("...")).startswith("В тексте нет")
    assert desk.stands("шея")
    assert not desk.stands("каркас")
    assert not desk.stands(5)


HIDDEN = ["\x07", "\x85", "\u200b", "\u202e", "\u2066", "\u2028", "\ufeff", "\xad", "\u200d"]


@pytest.mark.parametrize("sign", HIDDEN)
def test_a_text_with_signs_that_nobody_sees_is_refused(sign: str):
    assert "не видно" in refused(Desk(step("text")).type(f"Кар{sign}кас"))


@pytest.mark.parametrize(
    "said", ["две\nстроки", "с\xa0пробелом", "фарш 👩🏽\u200d🏭 ❤\ufe0f", "ʻoʻzbek"]
)
def test_a_text_of_any_alphabet_with_line_breaks_and_emoji_is_taken(said: str):
    assert taken(Desk(step("text")).type(said)) == said


def test_a_text_meets_its_pattern_or_is_refused_with_the_example():
    desk = Desk(step("text", pattern="[A-ZА-Я]{2}[0-9]{4,6}", example="АБ12345"))
    assert taken(desk.type("АБ1234")) == "АБ1234"
    assert refused(desk.type("аб1234")) == "«аб1234» не подходит. Напишите так: АБ12345"
    assert "Напишите так" in refused(desk.type("АБ" + "1" * 300))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(a+)+", "без групп"),
        ("(a|aa)*b", "без групп"),
        ("(a){2,9}", "без групп"),
        (r"(a)\1", "без групп"),
        ("(?=a)b", "без групп"),
        ("a**", "без групп"),
        ("a*b*c*d*", "слишком много"),
        ("[a-", "не читается"),
        ("a" * 201, "длиннее"),
    ],
)
def test_a_pattern_whose_cost_could_grow_is_refused(pattern, said):
    with pytest.raises(ValidationError, match=said):
        step("text", pattern=pattern, example="a")


def test_a_pattern_needs_an_example_that_meets_it():
    for example in ("", "аб"):
        with pytest.raises(ValidationError, match="нужен «example»"):
            step("text", pattern="[0-9]+", example=example)


@pytest.mark.parametrize("kind", ["number", "integer", "text"])
@pytest.mark.parametrize(
    "given",
    [Input.files(photo()), Input.other("стикер"), Input.press("ready", "нет такой"),
     Input.press("option", "x"), Input.unfit("Файл больше 20 МБ")],
)  # fmt: skip
def test_another_kind_of_input_is_refused_with_what_is_expected(kind, given):
    said = refused(Desk(step(kind)).give(given))
    assert "Здесь нужно" in said or "20 МБ" in said


def test_a_number_of_no_unit_has_three_digits():
    assert UnitForm().decimals == 3
    assert isinstance(Desk(step("number")).type("0,001"), Taken)
