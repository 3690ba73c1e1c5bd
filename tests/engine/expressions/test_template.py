"""Texts with holes."""

from __future__ import annotations

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
