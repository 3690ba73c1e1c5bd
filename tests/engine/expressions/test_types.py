"""Types and their notation in the Vocabulary."""

from __future__ import annotations

import pytest

from engine.expressions.suggest import hint, nearest
from engine.expressions.types import (
    Choice,
    Integer,
    ListOf,
    Number,
    Opaque,
    Optional,
    Record,
    notation,
    read_type,
    title,
)


@pytest.mark.parametrize(
    "text",
    [
        *("number", "number kg", "number °C", "number %", "integer", "text", "bool", "date"),
        *("datetime", "duration", "files", "person", "answers", "measurements", "raw_batch"),
        *("choice(chilled)", "choice(chilled, frozen)", "list of raw_batch", "list of number kg"),
        *("number kg?", "choice(a, b)?", "list of list of text?", "raw_batch?", "role", "role?"),
    ],
)
def test_a_type_is_written_as_it_was_read(text):
    assert notation(read_type(text)) == text


def test_types_are_equal_by_value_and_a_unit_tells_them_apart():
    assert read_type(" number  kg ? ") == Optional(Number("kg"))
    assert Number("kg") != Number("°C")
    assert Integer() != Number()
    assert read_type("answers") == Opaque("answers")
    assert read_type("list of raw_batch") == ListOf(Record("raw_batch"))
    assert read_type("choice(b, a)") == Choice(("b", "a"))


@pytest.mark.parametrize(
    "text",
    [
        *("", "?", "Number", "number kg g", "raw batch", "choice()", "choice(a,)", "choice(A)"),
        *("choice(a", "choice(a, a)", "number kg??", "list of ", "text kg", "тара", "number (kg)"),
    ],
)
def test_what_is_no_type_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"«|is not"):
        read_type(text)


def test_a_type_has_a_name_for_people():
    assert title(Number("kg")) == "число, kg"
    assert title(Optional(Record("raw_batch"))) == "запись raw_batch (может быть не задано)"


@pytest.mark.parametrize(
    ("word", "near"),
    [
        *(("frozn", "frozen"), ("FROZEN", "frozen"), ("frоzеn", "frozen"), ("chiled", "chilled")),
        *(("bone", None), ("", None), ("x" * 500, None)),
    ],
)
def test_a_mistyped_word_has_its_nearest_one(word, near):
    assert nearest(word, ("chilled", "frozen")) == near


def test_a_long_list_of_words_is_cut():
    assert hint("zzz", [f"field_{at}" for at in range(20)]).endswith("field_11…")
    assert hint("zzz", []) == ""
