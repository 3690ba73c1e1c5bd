"""Numbers in columns: exact, whole, in one unit, on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Sum

from crm.fields import FixedField, KgField, TenthsField, fold, kg
from crm.ledger.models import Account, Balance, Lot


@pytest.mark.parametrize("value", [0.1, "1.2345", "kg", Decimal("0.0001"), "NaN"])
def test_what_is_not_an_exact_number_of_grams_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        KgField().to_python(value)


@pytest.mark.parametrize(
    ("field", "value", "column"),
    [
        (KgField(), Decimal("18250.5"), 18_250_500),
        (KgField(), Decimal("0.001"), 1),
        (KgField(), 40_000, 40_000_000),
        (TenthsField(), Decimal("-18.5"), -185),
        (TenthsField(), None, None),
    ],
)
def test_the_column_holds_whole_units(field: FixedField, value: object, column: int | None) -> None:
    assert field.get_prep_value(value) == column
    if column is not None:
        assert field.from_db_value(column) == Decimal(str(value))


@pytest.mark.django_db
def test_sums_and_differences_in_the_database_are_exact() -> None:
    lot = Lot.objects.create(kind="raw_batch")
    for account, amount in ((Account.RAW_STORE, "0.1"), (Account.FG_STORE, "0.2")):
        Balance.objects.create(lot=lot, account=account, physical=Decimal(amount))
    whole = Balance.objects.aggregate(all=Sum("physical"))["all"]
    assert whole == Decimal("0.300")
    Balance.objects.update(physical=F("physical") + kg(Decimal("0.001")))
    assert Balance.objects.filter(physical=Decimal("0.101")).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT SUM(physical_grams) FROM ledger_balance")
        assert int(cursor.fetchone()[0]) == 302


def test_names_are_folded_for_comparing() -> None:
    assert fold("  Трубчатая   КОСТЬ ") == fold("трубчатая кость")
