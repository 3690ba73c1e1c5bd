"""Kilograms beside the rows of a list, summed by the database in the query of the list itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from crm.fields import KgField, kg
from crm.ledger.models import Account

Q_ = TypeVar("Q_", bound=QuerySet[Any])


def with_stock(rows: Q_, *accounts: Account) -> Q_:
    """Add `physical`, `reserved` and `free` kilograms of a record's lot on the one of the
    accounts where it is kept, zero where there is no balance row."""
    kept = Q(lot__balances__account__in=[*accounts])
    nothing = kg(Decimal(0))
    return rows.annotate(store=FilteredRelation("lot__balances", condition=kept)).annotate(
        physical=Coalesce("store__physical", nothing),
        reserved=Coalesce("store__reserved", nothing),
        free=Coalesce(F("store__physical") - F("store__reserved"), nothing),
    )


def summed(lines: QuerySet[Any], owner: str, field: str = "kg") -> Coalesce:
    """Return the sum of a column over the lines of each row; `owner` is how a line names it."""
    mine = lines.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    found = mine.annotate(total=Sum(field)).values("total")
    return Coalesce(Subquery(found, output_field=KgField()), kg(Decimal(0)))
