"""Reading expressions: what is let through, and where what is not is refused."""

from __future__ import annotations

import ast
import warnings
from datetime import time

import pytest

from engine.expressions.parse import ExpressionError, calls, names, parse

REFUSED = [
    # text, the place that is pointed at, a word of the remedy
    ("condition = frozen", "=", "=="),
    ("condition === frozen", "=", "=="),
    ("weight && washed", "&& washed", "and"),
    ("weight || washed", "|| washed", "or"),
    ("! washed", "!", "not"),
    ("weight ≥ 5", "≥", ">="),
    ("weight > −5", "−", "минус"),
    ("weight > 0,5", ",5", "точкой"),
    ("weight, gross", ",", "в скобках"),
    ("weight kg > 5", "kg", "знак"),
    ("weight и washed", "и", "английски"),
    ("washed AND washed", "AND", "малыми"),
    ("weight > 012", "012", "12.5"),
    ("weight > 1e5", "1e5", "12.5"),
    ("weight > 0x1f", "0x1f", "12.5"),
    ("weight > 1_000", "1_000", "12.5"),
    ("weight > 5kg", "5kg", "2h"),
    ("kept > 1.5h", "1.5h", "2h"),
    ("1if washed else 2", "1if", "12.5"),
    ("weight > ٣", "٣", "уберите"),
    ("weight > " + "1" * 31, "1" * 31, "короче"),
    ("note == None", "None", "is_set"),
    ("weight is 5", "is", "=="),
    ("lambda: 1", "lambda", "уберите"),
    ("weight ** 2", "weight ** 2", "+ - * /"),
    ("weight // 2", "weight // 2", "+ - * /"),
    ("weight % 2", "%", "* 100"),
    ("items[0]", "[", "уберите"),
    ("{weight}", "{", "уберите"),
    ("weight # mass", "#", "уберите"),
    (r"comment == 'a\n'", r"'a\n'", "кавычку"),
    ("comment == 'a", "'a", "кавычку"),
    ("comment == «a»", "«", "кавычки"),
    ("comment == f'a'", "'a'", "знак"),
    ("comment == 'a' 'b'", "'b'", "знак"),
    ("weight\nand washed", "\n", "одной строкой"),
    ("weight\u00a0> 5", "\u00a0", "пробел"),
    ("(weight > 5", "(", "скобк"),
    ("weight) > 5", ")", "уберите"),
    ("weight >", ">", "допишите"),
    ("washed and", "d", "допишите"),
    ("weight if washed", "weight if washed", "пример"),
    ("batch.weigh_in()", "batch.weigh_in()", "round"),
    ("round(weight)(1)", "(", "знак"),
    ("available(batch=1)", "=", "=="),
    ("min((1, 2))", "(1, 2)", "in"),
    ("condition in ()", "()", "варианты"),
    ("ﬁeld > 5", "ﬁeld", "латинскими"),
]


@pytest.mark.parametrize(("text", "at", "remedy"), REFUSED)
def test_a_foreign_word_is_refused_where_it_stands_with_its_remedy(text, at, remedy):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    error = caught.value
    assert (error.offset, error.code) == (text.rindex(at), "F301")
    assert at.startswith(text[error.offset : error.offset + error.width])
    assert remedy in error.hint


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_expression_is_refused(text):
    with pytest.raises(ExpressionError, match="пустое"):
        parse(text)


def test_an_expression_may_be_500_characters_long_and_no_longer():
    text = "weight > 5".ljust(500)
    assert names(parse(text)) == {"weight"}
    with pytest.raises(ExpressionError, match="501") as caught:
        parse(text + " ")
    assert caught.value.offset == 500


@pytest.mark.parametrize(
    "text", ["abs(" * 30 + "1" + ")" * 30, "not " * 30 + "washed", "-" * 400 + "1"]
)
def test_an_expression_may_not_be_nested_deeply(text):
    with pytest.raises(ExpressionError, match="глубокая"):
        parse(text)


def test_brackets_alone_do_not_nest():
    assert names(parse("(" * 60 + "weight" + ")" * 60)) == {"weight"}


def test_python_says_nothing_of_its_own_while_reading():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for text in ("5 == 5", "washed and 'a' == 'a'", "1 in (1, 2)"):
            parse(text)


def test_fields_and_calls_are_told_apart():
    node = parse("available(batch) > docs.kg and kept > 14d and condition in (frozen, chilled)")
    assert names(node) == {"batch", "docs", "kept", "condition", "frozen", "chilled"}
    assert calls(node) == {"available"}


def test_places_count_characters_behind_letters_of_any_length():
    node = parse("  comment == 'ёж 🐗' and weight > 5")
    assert isinstance(node.tree, ast.BoolOp)
    kinds = {node.source(part): node.offset(part) for part in node.tree.values}
    assert kinds == {"comment == 'ёж 🐗'": 2, "weight > 5": 24}


def test_a_time_of_day_is_read_and_a_wrong_one_refused():
    assert list(parse("hour > 7:05").literals.values()) == [time(7, 5)]
    for text in ("hour > 24:00", "hour > 7:60", "hour > 7:5"):
        with pytest.raises(ExpressionError, match="нет времени") as caught:
            parse(text)
        assert (caught.value.offset, caught.value.hint[:16]) == (7, "время пишется та")


def test_a_duration_in_quotes_stays_a_text():
    assert parse("comment == '14d'").literals == {}
    assert list(parse("kept > 14d").literals) == [7]
