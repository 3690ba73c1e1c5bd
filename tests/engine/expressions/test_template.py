"""Texts with holes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.expressions.parse import ExpressionError
from engine.expressions.template import parse_template


def shape(text: str) -> list[str | tuple[int, str]]:
    return [
        part if isinstance(part, str) else (part.offset, part.source)
        for part in parse_template(text).parts
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("Масса?", ["Масса?"]),
        ("Расхождение {difference} %", ["Расхождение ", (13, "difference"), " %"]),
        ("{a}{b.c}", [(1, "a"), (4, "b.c")]),
        ("{{a}} {a}", ["{a} ", (7, "a")]),
        ("{{{a}}}", ["{", (3, "a"), "}"]),
        ("{join(marks, '} {')}", [(1, "join(marks, '} {')")]),
        ("{ a }", [(1, " a ")]),
    ],
)
def test_a_text_is_pieces_and_holes_in_order(text, parts):
    assert shape(text) == parts


def test_the_holes_can_be_had_alone():
    assert [hole.source for hole in parse_template("a {b} c {d}").holes] == ["b", "d"]


@pytest.mark.parametrize(
    ("text", "offset", "remedy"),
    [
        ("Масса {weight", 6, "{{"),
        ("Масса weight}", 12, "}}"),
        ("Масса {weight {gross}}", 6, "{{"),
        ("Масса {}", 7, "значение"),
        ("Масса {weight = 5}", 14, "=="),
        ("Масса {weight} и {gross >}", 24, "допишите"),
        ("{comment == 'a}", 12, "кавычку"),
    ],
)
def test_a_broken_hole_is_refused_where_it_breaks(text, offset, remedy):
    with pytest.raises(ExpressionError) as caught:
        parse_template(text)
    assert (caught.value.offset, caught.value.code) == (offset, "F202")
    assert remedy in caught.value.hint


def test_forms_of_a_word_belong_to_the_hole_of_their_number():
    plain, counted = parse_template(
        "{n} {max(n, 'a|b}') | one замес | few замеса | many замесов}"
    ).holes
    assert (plain.source, plain.forms) == ("n", ())
    assert (counted.source, counted.offset) == ("max(n, 'a|b}')", 5)
    assert counted.forms == (("one", "замес"), ("few", "замеса"), ("many", "замесов"))


@pytest.mark.parametrize(
    ("text", "offset", "width"),
    [
        ("{n | one замес | many замесов}", 1, 1),
        ("Тут { n + 1 | one замес | fw замеса | many замесов}", 26, 2),
        ("{n | one замес | one замес | few замеса | many замесов}", 17, 3),
        ("{n | one замес | few | many замесов}", 17, 3),
        ("{n | | few замеса | many замесов}", 5, 1),
        ("{n |}", 4, 1),
    ],
)
def test_a_word_with_a_form_missing_unknown_twice_or_empty_is_refused_there(text, offset, width):
    with pytest.raises(ExpressionError) as caught:
        parse_template(text)
    error = caught.value
    assert (error.code, error.offset, error.width) == ("F206", offset, width)
    assert error.hint


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "замес"),
        (22, "замеса"),
        (11, "замесов"),
        (Decimal("2.5"), "замеса"),
        (Decimal("5.0"), "замесов"),
        (None, "замесов"),
    ],
)
def test_a_hole_says_the_form_that_goes_with_its_value(number, said):
    (hole,) = parse_template("{n | one замес | few замеса | many замесов}").holes
    assert hole.said(number) == said
