"""Beside which row a page of a long list begins. A link to the next page names the last row of the
open one: to count off what stands before a page takes the longer the deeper it lies, and a row that
came meanwhile would show one twice. Start at `beside`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q, QuerySet

_BETWEEN = "~"  # of an address; no key of a row has it
_WAYS = {"after": False, "before": True}
Order = list[tuple[str, bool]]  # the columns of an order, each with whether it falls


@dataclass(frozen=True, slots=True)
class Mark:
    """The row, by its key, after which a page begins or `before` which it ends."""

    key: str
    before: bool = False

    def of(self, page: int) -> str:
        """Write the number of a page with its mark.

        >>> Mark("7", before=True).of(4)
        '4~before~7'
        """
        return _BETWEEN.join((str(page), "before" if self.before else "after", self.key))


def read(text: str) -> tuple[int, Mark | None]:
    """Read the number of a page and its mark; the first page of anything else.

    >>> read("4~before~7")
    (4, Mark(key='7', before=True))
    >>> read("4"), read("4~beside~7"), read("four")
    ((4, None), (4, None), (1, None))
    """
    number, *told = text.split(_BETWEEN)
    try:
        page = int(number)
    except ValueError:
        return 1, None
    known = len(told) == 2 and told[0] in _WAYS
    return page, Mark(told[1], _WAYS[told[0]]) if known else None


def takes_marks(rows: QuerySet[Any]) -> bool:
    """Tell whether the rows of a list can be found by marks."""
    return bool(_order(rows))


def beside(rows: QuerySet[Any], mark: Mark) -> QuerySet[Any] | None:
    """Return the rows of a list beyond a mark, the nearest first; None where nothing tells which
    they are: the row is gone, or it is no key."""
    order = _order(rows)
    if not order:
        return None
    names = [name for name, _falls in order]
    try:
        found = rows.model._base_manager.filter(pk=mark.key).values_list(*names).first()
    except (ValidationError, ValueError, OverflowError):
        return None
    if found is None:
        return None
    onward = rows.filter(_beyond(order, found, mark.before))
    return onward.reverse() if mark.before else onward


def _order(rows: QuerySet[Any]) -> Order:
    """Return by what rows are ordered, up to a column that tells them apart; nothing where that is
    not columns of theirs which are never empty."""
    opts = rows.model._meta
    found: Order = []
    for one in rows.query.order_by:
        if not isinstance(one, str):
            return []
        name = one.removeprefix("-")
        try:
            field = opts.pk if name == "pk" else opts.get_field(name)
        except FieldDoesNotExist:  # worked out for each row, or of a row beside it
            return []
        if field is None or field.null or field.is_relation:
            return []
        found.append((field.name, one.startswith("-")))
        if field.primary_key:
            return found
    return []


def _beyond(order: Order, values: tuple[Any, ...], before: bool) -> Q:
    """Return what the rows beyond one have; the plain bound of the first column is what an index
    takes."""
    found = Q()
    for (name, falls), value in reversed([*zip(order, values, strict=True)]):
        strictly = Q(**{f"{name}__{_way(falls, before)}": value})
        found = strictly | Q(Q(**{name: value}), found) if found else strictly
    (name, falls), value = order[0], values[0]
    return Q(**{f"{name}__{_way(falls, before)}e": value}) & found


def _way(falls: bool, before: bool) -> str:
    return "lt" if falls is not before else "gt"
