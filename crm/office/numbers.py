"""Numbers as people type them into the search of a list (domain 8): `2211/3` finds exactly that
number and never `2211/30`; `2026-2211/3`, as codes and exports have it, that of its year."""

from __future__ import annotations

from django.db.models import Model, Q

from crm.production.lots import FULL


def numbered(column: str, word: str) -> Q:
    """Return what keeps the rows whose number was meant: with a counter the whole of it, its end,
    or what it is the beginning of (the mixes of an order); without, any part."""
    if "/" not in word and "-" not in word:
        return Q(**{f"{column}__icontains": word})
    return Q(**{f"{column}__endswith": word}) | _begins(column, word)


def of_year(model: type[Model], word: str) -> Q:
    """Return what keeps the rows of a number that was typed with its year; nothing for any other
    word, and of records that keep no year."""
    full = FULL.fullmatch(word)
    if full is None or not hasattr(model, "year"):
        return Q()
    number = full["number"]
    return Q(year=int(full["year"])) & (Q(number=number) | _begins("number", number))


def is_id(text: str) -> bool:
    """Tell whether a text of a form may be the id of a row."""
    return text.isascii() and text.isdecimal() and len(text) < 19


def _begins(column: str, word: str) -> Q:
    return Q(**{f"{column}__startswith": f"{word.rstrip('/')}/"})
