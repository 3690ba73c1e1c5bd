"""What a connection to PostgreSQL is told; on SQLite there is nobody to tell."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection

from crm.postgres import PLANS, _Moments


def read(text: str) -> datetime:
    return _Moments(0).load(text.encode())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01 07:00:00+00", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("2026-07-01 07:00:00.12+00", datetime(2026, 7, 1, 7, 0, 0, 120_000, tzinfo=UTC)),
        ("0001-01-01 00:00:00.000001+00", datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_to_the_microsecond(text: str, moment: datetime) -> None:
    assert read(text) == moment
    assert read(text).tzinfo is UTC


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 00:00:00+00 BC"])
def test_what_no_moment_of_python_is_is_refused_by_the_driver(text: str) -> None:
    with pytest.raises(psycopg.DataError):
        read(text)


@pytest.mark.django_db
def test_a_connection_keeps_the_plans_of_a_turn_and_reads_moments_as_django_does() -> None:
    if connection.vendor != "postgresql":
        told: Any = SimpleNamespace(vendor=connection.vendor)  # has no plans to keep
        from crm.work.apps import _tell

        _tell(told)
        return
    connection.ensure_connection()
    assert connection.connection.prepared_max == PLANS
    with connection.cursor() as cursor:
        cursor.execute("SELECT TIMESTAMPTZ '2026-07-01 10:00:00.5+03'")
        assert cursor.fetchone() == (datetime(2026, 7, 1, 7, 0, 0, 500_000, tzinfo=UTC),)
