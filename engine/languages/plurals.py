"""Which forms of a word a language counts with: CLDR's categories, by Babel's rules.

Babel is loaded when a number is first counted in a language other than Russian, whose rule
`message.category` holds for all who need no Babel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from engine.languages.message import CATEGORIES, Category, category, countable

SOURCE = "ru"
ORDER = ("zero", "one", "two", "few", "many", "other")
COUNTED = 201  # whole numbers from 0 that people say here: a form that none of them wants may lack


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories of a language: all that there are, and those that whole numbers need."""

    known: tuple[str, ...]
    needed: tuple[str, ...]


def category_of(language: str) -> Category:
    """Return what chooses a category by a number; a language that nobody knows counts as Russian
    does.

    >>> [category_of("en")(number) for number in (1, 2, Decimal("1.5"))]
    ['one', 'other', 'other']
    """

    def found(number: Decimal | int) -> str:
        return _rule(language)(countable(number))

    return found


@cache
def categories_in(language: str) -> Categories:
    """Return the categories of a language.

    >>> categories_in("en").needed, categories_in("ru").needed
    (('one', 'other'), ('one', 'few', 'many'))
    """
    if language == SOURCE:
        return Categories(CATEGORIES, CATEGORIES[:-1])
    rule = _rule(language)
    known = {*_tags(language), "other"}
    needed = {rule(number) for number in range(COUNTED)}
    return Categories(_ordered(known), _ordered(needed))


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=ORDER.index))


@cache
def _rule(language: str) -> Category:
    if language == SOURCE:
        return category
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415 - costs 20 ms, few need it

    try:
        rule: Category = Locale.parse(language).plural_form
    except (UnknownLocaleError, ValueError):
        return category
    return rule


def _tags(language: str) -> frozenset[str]:
    rule = _rule(language)
    return frozenset(CATEGORIES if rule is category else getattr(rule, "tags", ()))
