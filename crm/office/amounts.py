"""Kilograms beside the rows of a list, summed by the database in the query of the list itself, and
under them those of the whole list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import F, Func, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from crm.fields import KgField, kg
from crm.ledger.models import Account
from crm.ledger.stock import kept

Q_ = TypeVar("Q_", bound=QuerySet[Any])


def with_stock(rows: Q_, *accounts: Account, elsewhere: Summed | None = None) -> Q_:
    """Add `physical`, `reserved` and `free` kilograms of a record's lot on the accounts where it is
    kept, zero where nothing is. What is `elsewhere` of it is `physical` too."""
    there = kept(*accounts)
    own = summed(there, "lot", "physical", by="lot")
    parts: dict[str, Apart] = {
        "physical": own if elsewhere is None else Together(own, elsewhere),
        "reserved": summed(there, "lot", "reserved", by="lot"),
        "free": summed(there, "lot", F("physical") - F("reserved"), by="lot"),
    }
    for part in parts.values():
        part.accounts = accounts
    return rows.annotate(**parts)


class Summed(Coalesce):
    """The sum of a column over the lines of each row, zero without any."""

    lines: QuerySet[Any]
    owner: str
    column: str | Combinable
    by: str
    accounts: tuple[Account, ...] = ()

    @property
    def parts(self) -> list[Summed]:
        """What it is the sum of."""
        return [self]

    def over(self, rows: QuerySet[Any]) -> Decimal:
        """Return the sum over the lines of many rows: what the sums of each are together, but the
        lines are read once and not row by row."""
        return self.of(rows).aggregate(total=_sum(self.column))["total"] or Decimal(0)

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the lines of many rows."""
        return self.lines.filter(**{f"{self.owner}__in": rows.order_by().values(self.by)})


class Together(Func):
    """What several sums are for each row."""

    template, arg_joiner = "(%(expressions)s)", " + "
    accounts: tuple[Account, ...] = ()

    @property
    def parts(self) -> list[Summed]:
        """What it is the sum of."""
        return list(self.get_source_expressions())

    def over(self, rows: QuerySet[Any]) -> Decimal:
        """Return the sum over many rows: each part reads its lines once."""
        return sum((one.over(rows) for one in self.parts), Decimal(0))


Apart = Summed | Together


def summed(
    lines: QuerySet[Any], owner: str, column: str | Combinable = "kg", by: str = "pk"
) -> Summed:
    """Return the sum of a column over the lines of each row; `owner` is how a line names what the
    row is, or has, `by`."""
    mine = lines.filter(**{owner: OuterRef(by)}).order_by().values(owner)
    found = mine.annotate(total=_sum(column)).values("total")
    made = Summed(Subquery(found, output_field=KgField()), kg(Decimal(0)))
    made.lines, made.owner, made.column, made.by = lines, owner, column, by
    return made


def _sum(column: str | Combinable) -> Sum:
    return Sum(column, output_field=KgField())


def total_of_few(rows: QuerySet[Any], names: Sequence[str]) -> dict[str, Decimal]:
    """Return what `total` does of rows with stock, by one query of several parts: their sums of
    columns, and those of the lines where their stock stands, each read once for all."""
    known = {name: rows.query.annotations.get(name) for name in names}
    stock = {n: one.parts for n, one in known.items() if isinstance(one, Apart) and one.accounts}
    if not stock:
        return total(rows, names)
    empty = Cast(Value(None), KgField())  # a bare one is a text to PostgreSQL
    asked = [(rows, {f"sum_{name}": empty if name in stock else _sum(name) for name in names})]
    for at in range(max(map(len, stock.values()))):
        mine = {name: parts[at] for name, parts in stock.items() if at < len(parts)}
        sums = {f"sum_{name}": _sum(mine[name].column) if name in mine else empty for name in names}
        asked.append((next(iter(mine.values())).of(rows), sums))
    first, *others = [
        lines.order_by().annotate(all=Value(1)).values("all").annotate(**sums).values_list(*sums)
        for lines, sums in asked
    ]
    found = list(zip(*first.union(*others, all=True), strict=True))
    return {
        name: sum((one for one in sums if one is not None), Decimal(0))
        for name, sums in zip(names, found or [()] * len(names), strict=True)
    }


def total(rows: QuerySet[Any], names: Sequence[str]) -> dict[str, Decimal]:
    """Return the sums of columns over rows: those of `summed` by a query each, the others, columns
    of the table or of what is joined to it, by one for all."""
    known = rows.query.annotations
    plain = [name for name in names if not isinstance(known.get(name), Apart)]
    whole = rows.order_by().aggregate(**{f"sum_{name}": Sum(name) for name in plain})
    found = {name: whole[f"sum_{name}"] or Decimal(0) for name in plain}
    for name in names:
        apart = known.get(name)
        if isinstance(apart, Apart):
            found[name] = apart.over(rows)
    return found


def without_unread(rows: Q_, read: Collection[str]) -> Q_:
    """Return rows whose query works out no amount of stock but those that are `read`: each is a
    question of its own for every row, and three stand beside each. Filters and orders by them stay.
    """
    known = rows.query.annotations
    stock = {name for name, one in known.items() if isinstance(one, Apart) and one.accounts}
    unread = stock.difference(read)
    if not unread:
        return rows
    less = rows.all()
    less.query.set_annotation_mask(known.keys() - unread)
    return less
