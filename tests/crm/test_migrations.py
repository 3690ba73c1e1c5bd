"""The migrations that move files, documents, deviations and measurements from batches to lots, over
a database that people have worked with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.database
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
# The last ones before anything belonged to a lot.
BEFORE = [
    ("documents", "0001_initial"),
    ("jobs", "0001_initial"),
    ("ledger", "0003_forms_digest"),
    ("production", "0003_vet_document"),
    ("quality", "0003_alter_deviation_step"),
    ("work", "0004_forms_digest"),
]


Moved = tuple[list[int], Any]  # the lots of the batches; the models as they are now


@contextmanager
def another(name: str) -> Iterator[None]:
    """Be connected to another database of the same server."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Moved]:
    """A database beside that of the tests: migrated to the old shape, worked with, migrated on."""
    name = str(tmp_path_factory.mktemp("old") / "plant.sqlite3")
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            name = f"migrated_{os.getpid()}"
            _on_server(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        with another(name):
            lots = work(migrated(BEFORE))
            yield lots, migrated(MigrationExecutor(connection).loader.graph.leaf_nodes())
        if connection.vendor == "postgresql":
            _on_server(f"DROP DATABASE {name}")


def _on_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def migrated(targets: list[tuple[str, str]]) -> Any:
    """Migrate to some targets; return the models as they are there."""
    state: Any = MigrationExecutor(connection).migrate(targets)
    return state.apps


def work(apps: Any) -> list[int]:
    """Write what two deliveries left in the old shape; return the lots of their batches. Lots and
    batches have other numbers, so that one cannot pass for the other."""
    make = {name: apps.get_model(*name.split(".")).objects.create for name in MADE}
    who = make["people.Person"](full_name="Ветров П. А.")
    names = {"company": "Company", "raw_material": "RawMaterial", "nomenclature": "Nomenclature"}
    given = {
        field: apps.get_model("catalogue", model).objects.create(code=field, name=field)
        for field, model in {**names, "supplier": "Supplier"}.items()
    }
    make["ledger.Lot"](kind="raw_batch", born=1)
    lots = []
    for number in (3, 4):
        lot = make["ledger.Lot"](kind="raw_batch", born=number)
        lots.append(lot.pk)
        batch = make["production.RawBatch"](
            state="received", number=f"2211/{number}", year=2026, year_number=number, lot=lot,
            session=uuid4(), condition="frozen", accounting_type="Каркас", created_at=AT,
            received_at=AT, weight_received=Decimal(900 + number), **given,
        )  # fmt: skip
        for kind in ("truck_unit", "upd"):
            make["work.File"](
                raw_batch=batch, kind=kind, key=f"{number}/{kind}", sha256="0" * 64, size=1,
                mime="image/jpeg", taken_at=AT, taken_by=who,
            )  # fmt: skip
        make["documents.Document"](
            raw_batch=batch, kind="incoming_control", source_key=f"k{number}", key=f"d{number}",
            name="акт.docx", mime="application/msword", size=1, sha256="0" * 64, state="issued",
            created_at=AT,
        )  # fmt: skip
        deviation = make["quality.Deviation"](
            id=uuid4(), number=f"ОТК-2026-{number}", kind="body_temp", session=uuid4(),
            flow="raw_intake", step="body_temp", chat_id=1, asked_at=AT, asked_by=who,
            label="температура", value_text="-5,5", limit="receiving_temperature",
            limit_version=1, state="approved",
            decided_by=who, decided_at=AT, raw_batch=batch,
        )  # fmt: skip
        make["quality.Measurement"](
            name="body_temp", value=Decimal("-5.5"), unit="°C", limit="receiving_temperature",
            limit_version=1, within=False, at=AT, by=who, deviation=deviation, raw_batch=batch,
        )  # fmt: skip
    make["work.File"](
        kind="ttn", key="of/nothing", sha256="0" * 64, size=1, mime="image/jpeg", taken_at=AT
    )
    asked = make["people.AccessRequest"]
    asked(telegram_id=7, said="Зимин, склад", asked_at=AT)
    asked(telegram_id=7, said="Зимин", asked_at=AT, decision="declined", decided_at=AT)
    make["jobs.Job"](id=uuid4(), name="vet_search", session=uuid4(), chat_id=1, started_at=AT)
    return lots


MADE = (
    "people.Person",
    "people.AccessRequest",
    "ledger.Lot",
    "production.RawBatch",
    "work.File",
    "documents.Document",
    "quality.Deviation",
    "quality.Measurement",
    "jobs.Job",
)


def rows_of(apps: Any, name: str) -> Any:
    return apps.get_model(*name.split(".")).objects


def test_what_belonged_to_a_batch_belongs_to_its_lot_after_the_migrations(moved: Moved) -> None:
    lots, now = moved
    for name, each in (
        ("work.File", 2),
        ("documents.Document", 1),
        ("quality.Deviation", 1),
        ("quality.Measurement", 1),
    ):
        found = rows_of(now, name).exclude(lot=None).order_by("lot_id")
        assert list(found.values_list("lot_id", flat=True)) == [
            lot for lot in lots for _ in range(each)
        ], name
    batches = rows_of(now, "production.RawBatch").order_by("lot_id")
    assert list(batches.values_list("lot_id", "number", "weight_received")) == [
        (lots[0], "2211/3", Decimal("903.000")),
        (lots[1], "2211/4", Decimal("904.000")),
    ]
    assert rows_of(now, "work.File").get(lot=None).key == "of/nothing"
    assert rows_of(now, "jobs.Job").get().due_at == AT


def test_a_request_for_access_that_waited_is_open_after_the_migrations(moved: Moved) -> None:
    states = (
        rows_of(moved[1], "people.AccessRequest").order_by("pk").values_list("state", flat=True)
    )
    assert list(states) == ["open", "declined"]


def test_the_guards_of_what_was_moved_hold_after_the_migrations(moved: Moved) -> None:
    _, now = moved
    measured = rows_of(now, "quality.Measurement")
    for change in (lambda: measured.all().delete(), lambda: measured.update(value=Decimal(1))):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    document = rows_of(now, "documents.Document").first()
    document.pk, document.source_key, document.key = None, "another", "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save(force_insert=True)
