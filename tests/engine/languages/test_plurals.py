"""A language counts with the categories of CLDR, and needs those that whole numbers have."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.languages.plurals import categories_in, category_of

ALL = ("zero", "one", "two", "few", "many", "other")


@pytest.mark.parametrize(
    ("language", "known", "needed"),
    [
        ("ru", ("one", "few", "many", "other"), ("one", "few", "many")),
        ("en", ("one", "other"), ("one", "other")),
        ("uz", ("one", "other"), ("one", "other")),
        ("ky", ("one", "other"), ("one", "other")),
        ("ar", ALL, ALL),
        ("xx", ("one", "few", "many", "other"), ("one", "few", "many")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_language_has_its_categories(language, known, needed):
    found = categories_in(language)
    assert (found.known, found.needed) == (known, needed)


@pytest.mark.parametrize(
    ("language", "found"),
    [("ru", "one few many other"), ("en", "one other other other"), ("xx", "one few many other")],
)
def test_a_number_has_a_category_in_each(language, found):
    counted = category_of(language)
    numbers = (Decimal("1.0"), Decimal(2), Decimal(11), Decimal("2.5"))
    assert " ".join(counted(number) for number in numbers) == found


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999"])
def test_what_nobody_counts_has_a_form_too(number):
    assert category_of("ru")(Decimal(number)) == "many"
    assert category_of("en")(Decimal(number)) == "other"
