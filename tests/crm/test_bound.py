"""A value is bound as Django binds it, whatever its column."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

from crm.bound import Way
from crm.ledger.models import Lot

pytestmark = pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime")
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
REFUSED = (TypeError, ValueError, AttributeError, ArithmeticError, ValidationError)
VALUES: list[Any] = [
    None, "", "text", "7", 7, -1, True, False, Decimal(7), Decimal("1.5"), 1.5, AT,
    AT.astimezone(ZoneInfo("Europe/Moscow")), AT.replace(fold=1), date(2026, 11, 22), time(22, 5),
    UUID(int=7), UUID(int=7).hex, Lot.Kind.RAW_BATCH, {"a": ["б", None]}, [], ["x"],
]  # fmt: skip


def tried(bind: Any, value: Any) -> tuple[type, Any]:
    try:
        bound = bind(value)
    except REFUSED as error:
        return type(error), str(error)
    kept = getattr(bound, "obj", bound)  # psycopg's JSON is equal to nothing
    return type(bound), kept


def test_every_column_of_every_table_binds_as_django_does() -> None:
    columns = [one for model in apps.get_models() for one in model._meta.concrete_fields]
    assert len(columns) > 500
    for column in columns:
        way = Way(column, connection.vendor)
        for value in VALUES:
            theirs = tried(lambda one, of=column: of.get_db_prep_save(one, connection), value)
            assert tried(lambda one, by=way: by(one, connection), value) == theirs, (column, value)


def test_a_moment_without_a_zone_is_still_of_the_plant() -> None:
    column = Lot._meta.get_field("created_at")
    naive = datetime(2026, 11, 22, 8, 30)  # noqa: DTZ001
    assert Way(column, connection.vendor)(naive, connection) == column.get_db_prep_save(
        naive, connection
    )


def test_the_two_moments_that_an_autumn_night_calls_alike_stay_two() -> None:
    way = Way(Lot._meta.get_field("created_at"), connection.vendor)
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert str(way(first, connection)) != str(way(first.replace(fold=1), connection))
