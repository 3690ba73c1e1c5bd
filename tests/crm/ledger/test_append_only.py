"""Rows that nobody can change or delete, on either database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from crm.audit.models import Seal, ValueChange
from crm.audit.operations.overwrite import Why, overwrite
from crm.audit.operations.seal import seal
from crm.ledger.models import Edge, Event, Lot, Posting, StateHistory
from crm.people.models import SignIn
from crm.people.operations.sign_in import note
from crm.production.models import RawBatch
from crm.quality.models import (
    AshAnalysis,
    Hold,
    LimitVersion,
    Measurement,
    MixAnalysis,
    RawAnalysis,
)
from crm.quality.operations.release_hold import release_hold
from engine.model.conversation import Bounds
from engine.model.effects import Measured

pytestmark = pytest.mark.django_db
GUARDED = (Event, Posting, StateHistory, Measurement, LimitVersion, SignIn, Seal, ValueChange)


@pytest.fixture
def rows(receive: Callable[..., RawBatch], answers: dict[str, Any], at: datetime) -> None:
    """One row of each guarded table."""
    bounds = Bounds("receiving_temperature", most=-8, unit="°C", version=1, source="план ХАССП")
    batch = receive(measurements=[Measured("body_temp", answers["body_temp"], bounds)])
    LimitVersion.objects.create(
        name="t", most=-8, unit="°C", source="план ХАССП", version=1, since=at
    )
    note(SignIn.Outcome.WRONG, name="", account=None, address=None, program="", at=at)
    overwrite(batch, {"ttn_number": "45"}, Why(None, at))
    seal(at)


@pytest.mark.parametrize("model", GUARDED)
@pytest.mark.parametrize("statement", ["DELETE FROM {t}", "UPDATE {t} SET {pk} = {pk}"])
def test_a_guarded_row_can_be_neither_changed_nor_deleted(
    rows: None, model: type[models.Model], statement: str
) -> None:
    assert model._default_manager.exists()
    table = model._meta.db_table
    with pytest.raises(IntegrityError, match=f"{table} is append-only"), transaction.atomic():
        connection.cursor().execute(statement.format(t=table, pk=model._meta.pk.column))


@pytest.mark.parametrize("model", [RawAnalysis, MixAnalysis, AshAnalysis, Hold])
def test_a_table_that_is_never_deleted_from_has_its_trigger(
    db: None, model: type[models.Model]
) -> None:
    name = f"{model._meta.db_table}_stays"
    with connection.cursor() as cursor:
        listed = "sqlite_master WHERE type = 'trigger' AND name = %s"
        if connection.vendor == "postgresql":
            listed = "pg_trigger WHERE tgname = %s"
        cursor.execute(f"SELECT count(*) FROM {listed}", [name])
        assert cursor.fetchone() == (1,)


def test_an_edge_is_voided_once_and_never_changed_or_deleted(
    rows: None, receive: Callable[..., RawBatch], at: datetime
) -> None:
    event = Event.objects.first()
    assert event is not None
    parent, child = (Lot.objects.create(kind="blank", born=born) for born in (101, 102))
    edge = Edge.objects.create(
        event=event, parent=parent, child=child, kg=1, kind="made", parent_born=101, child_born=102
    )
    for statement in (
        "DELETE FROM ledger_edge",
        "UPDATE ledger_edge SET grams = 5",
        f"UPDATE ledger_edge SET voided_by_id = '{event.pk.hex}', grams = 5",
    ):
        with pytest.raises(IntegrityError, match="set, once"), transaction.atomic():
            connection.cursor().execute(statement)
    Edge.objects.filter(pk=edge.pk).update(voided_by=event)
    with pytest.raises(IntegrityError, match="set, once"), transaction.atomic():
        Edge.objects.filter(pk=edge.pk).update(voided_by=event)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edge.objects.create(
            event=event, parent=child, child=parent, kg=1, kind="made",
            parent_born=102, child_born=101,
        )  # fmt: skip


def test_a_hold_is_released_but_never_deleted(rows: None, at: datetime) -> None:
    lot = Lot.objects.create(kind="blank")
    hold = Hold.objects.create(lot=lot, kind="manual", reason="проверка", placed_at=at)
    release_hold(None, hold=hold, reason="проверено", at=at, decided=True)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        connection.cursor().execute("DELETE FROM quality_hold")
