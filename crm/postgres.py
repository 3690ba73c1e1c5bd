"""What a new connection to PostgreSQL is told. Start at `tell`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader

PLANS = 500  # of questions; psycopg keeps 100, which the names of savepoints alone push out


class _Moments(BaseTzLoader):
    """Moments read by the standard library: the driver's own way takes a dozen times as long, and a
    turn reads some hundreds."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        """Read `2026-07-01 07:00:00.123+00`; what the standard library cannot read (a year before
        Christ, infinity) is left to the driver, which says what is wrong with it."""
        text = bytes(data).decode()
        if not text.endswith("+00"):
            return super().load(data)  # type: ignore[no-any-return]
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return super().load(data)  # type: ignore[no-any-return]


def tell(connection: Any) -> None:
    """Let a new connection keep the plans of all questions that a turn asks, and read moments fast;
    in another zone than UTC Django brings its own reader of moments."""
    connection.connection.prepared_max = PLANS
    connection.connection.adapters.register_loader("timestamptz", _Moments)
