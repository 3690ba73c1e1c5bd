"""Rows that nobody can change or delete, on either database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from crm.ledger.models import Event, Posting, StateHistory
from crm.production.models import RawBatch
from crm.quality.models import LimitVersion, Measurement
from engine.model.conversation import Bounds
from engine.model.effects import Measured

pytestmark = pytest.mark.django_db
GUARDED = (Event, Posting, StateHistory, Measurement, LimitVersion)


@pytest.fixture
def rows(receive: Callable[..., RawBatch], answers: dict[str, Any], at: datetime) -> None:
    """One row of each guarded table."""
    bounds = Bounds("receiving_temperature", most=-8, unit="°C", version=1, source="план ХАССП")
    receive(measurements=[Measured("body_temp", answers["body_temp"], bounds)])
    LimitVersion.objects.create(
        name="t", most=-8, unit="°C", source="план ХАССП", version=1, since=at
    )


@pytest.mark.parametrize("model", GUARDED)
@pytest.mark.parametrize("statement", ["DELETE FROM {t}", "UPDATE {t} SET id = id"])
def test_a_guarded_row_can_be_neither_changed_nor_deleted(
    rows: None, model: type[models.Model], statement: str
) -> None:
    assert model._default_manager.exists()
    table = model._meta.db_table
    with pytest.raises(IntegrityError, match=f"{table} is append-only"), transaction.atomic():
        connection.cursor().execute(statement.format(t=table))
