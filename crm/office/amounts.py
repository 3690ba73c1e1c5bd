"""Kilograms beside the rows of a list, summed by the database in the query of the list itself, and
under them those of the whole list."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from crm.fields import KgField, kg
from crm.ledger.models import Account, Balance

Q_ = TypeVar("Q_", bound=QuerySet[Any])


def with_stock(rows: Q_, *accounts: Account) -> Q_:
    """Add `physical`, `reserved` and `free` kilograms of a record's lot on the accounts where it is
    kept, zero where there is no balance row."""
    kept = Balance.objects.filter(account__in=[*accounts])
    parts = {
        "physical": summed(kept, "lot", "physical", by="lot"),
        "reserved": summed(kept, "lot", "reserved", by="lot"),
        "free": summed(kept, "lot", F("physical") - F("reserved"), by="lot"),
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

    def over(self, rows: QuerySet[Any]) -> Decimal:
        """Return the sum over the lines of many rows: what the sums of each are together, but the
        lines are read once and not row by row."""
        mine = self.lines.filter(**{f"{self.owner}__in": rows.order_by().values(self.by)})
        return mine.aggregate(total=_sum(self.column))["total"] or Decimal(0)


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
    """Return what `total` does, stock joined to the rows: a query less, and slower over many."""
    found = [(name, rows.query.annotations.get(name)) for name in names]
    stock = {name: one for name, one in found if isinstance(one, Summed) and one.accounts}
    if not stock:
        return total(rows, names)
    kept = Q(lot__balances__account__in=next(iter(stock.values())).accounts)
    joined: dict[str, Combinable] = {
        "physical": F("store__physical"),
        "reserved": F("store__reserved"),
        "free": F("store__physical") - F("store__reserved"),
    }
    sums = {f"sum_{name}": _sum(joined[name] if name in stock else name) for name in names}
    store = FilteredRelation("lot__balances", condition=kept)
    whole = rows.order_by().annotate(store=store).aggregate(**sums)
    return {name: whole[f"sum_{name}"] or Decimal(0) for name in names}


def total(rows: QuerySet[Any], names: Sequence[str]) -> dict[str, Decimal]:
    """Return the sums of columns over rows: those of `summed` by a query each, the others, columns
    of the table or of what is joined to it, by one for all."""
    known = rows.query.annotations
    plain = [name for name in names if not isinstance(known.get(name), Summed)]
    whole = rows.order_by().aggregate(**{f"sum_{name}": Sum(name) for name in plain})
    found = {name: whole[f"sum_{name}"] or Decimal(0) for name in plain}
    for name in names:
        apart = known.get(name)
        if isinstance(apart, Summed):
            found[name] = apart.over(rows)
    return found
