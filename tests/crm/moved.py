"""A database with which people worked before anything belonged to a lot, migrated on: what
`DATABASE_URL` names is made so by `python -m tests.crm.moved`. `tests/database.py` keeps it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from crm.ready import ready

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
BORN = (3, 4)  # the lots of the batches, in the order in which things came about
# The last ones before anything belonged to a lot.
BEFORE = [
    ("documents", "0001_initial"),
    ("jobs", "0001_initial"),
    ("ledger", "0003_forms_digest"),
    ("production", "0003_vet_document"),
    ("quality", "0003_alter_deviation_step"),
    ("work", "0004_forms_digest"),
]
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


def migrated(targets: list[tuple[str, str]]) -> Any:
    """Migrate to some targets; return the models as they are there."""
    state: Any = MigrationExecutor(connection).migrate(targets)
    return state.apps


def work(apps: Any) -> None:
    """Write what two deliveries left in the old shape. Lots and batches have other numbers, so that
    one cannot pass for the other."""
    make = {name: apps.get_model(*name.split(".")).objects.create for name in MADE}
    who = make["people.Person"](full_name="Ветров П. А.")
    names = {"company": "Company", "raw_material": "RawMaterial", "nomenclature": "Nomenclature"}
    given = {
        field: apps.get_model("catalogue", model).objects.create(code=field, name=field)
        for field, model in {**names, "supplier": "Supplier"}.items()
    }
    make["ledger.Lot"](kind="raw_batch", born=1)
    for number in BORN:
        lot = make["ledger.Lot"](kind="raw_batch", born=number)
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


if __name__ == "__main__":
    ready()
    work(migrated(BEFORE))
    migrated(MigrationExecutor(connection).loader.graph.leaf_nodes())
