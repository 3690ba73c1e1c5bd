"""One value of ours as one value of a cell: real numbers, real dates, everything else as text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.documents.letters import printable
from engine.model.values import Value, show

Cellable = None | Decimal | int | str | date | datetime | time | timedelta
LONGEST = 32_767  # characters of a text in a cell
FIRST_YEAR = 1900  # of Excel's calendar; earlier days are texts
_AS_IT_IS = frozenset({type(None), Decimal, int, time, timedelta})
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cellable(value: Value) -> Cellable:
    """Return what a cell holds: a number or a time as it is, in the plant's time; a text for
    whatever else; None for what is not given.

    >>> cellable(True), cellable(Decimal("18250.500"))
    ('Да', Decimal('18250.500'))
    """
    if type(value) in _AS_IT_IS:  # most of a long list
        return value  # type: ignore[return-value]
    match value:
        case str():
            return _text(value)
        case bool():
            return show(value)
        case date() if value.year < FIRST_YEAR:
            return show(value)
        case datetime():
            return value.replace(tzinfo=None)
        case Decimal() | int() | date() | time() | timedelta():
            return value
        case tuple() | list() if value:
            return _text("; ".join(show(item) for item in value))
        case tuple() | list():
            return None
        case _:
            return _text(show(value))


def _text(text: str) -> str | None:
    return printable(text)[:LONGEST] or None


def is_formula_like(text: str) -> bool:
    """Tell whether a program of spreadsheets could take a text that a person typed for a formula.

    >>> is_formula_like("=1+1"), is_formula_like("Каркас")
    (True, False)
    """
    return text.startswith(_FORMULA)
