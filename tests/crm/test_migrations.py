"""The migrations that move files, documents, deviations and measurements from batches to lots, over
a database that people have worked with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from crm.edition import TABLES
from tests import database
from tests.crm.moved import AT, BORN

pytestmark = pytest.mark.database


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


@pytest.fixture(scope="module", autouse=True)
def _moved(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[None]:
    """Look into a database beside that of the tests: migrated to the old shape, worked with,
    migrated on."""
    url = os.environ.get("DATABASE_URL", "")
    name = f"moved_{os.getpid()}"
    if connection.vendor == "sqlite":
        name = str(tmp_path_factory.mktemp("old") / "plant.sqlite3")
    database.copy(url, name, database.MOVED)
    with django_db_blocker.unblock(), another(name):
        yield
    database.drop(url, name)


def rows_of(name: str) -> Any:
    """Return the rows of a model, whatever it hides."""
    return apps.get_model(name)._base_manager


def test_each_catalogue_has_a_mark_after_the_migrations_before_anybody_writes_it() -> None:
    assert {*rows_of("catalogue.Edition").values_list("name", flat=True)} == TABLES


def test_what_belonged_to_a_batch_belongs_to_its_lot_after_the_migrations() -> None:
    lots = list(rows_of("ledger.Lot").filter(born__in=BORN).order_by("born"))
    for name, each in (
        ("work.File", 2),
        ("documents.Document", 1),
        ("quality.Deviation", 1),
        ("quality.Measurement", 1),
    ):
        found = rows_of(name).exclude(lot=None).order_by("lot_id")
        assert list(found.values_list("lot_id", flat=True)) == [
            lot.pk for lot in lots for _ in range(each)
        ], name
    batches = rows_of("production.RawBatch").order_by("lot_id")
    assert list(batches.values_list("lot_id", "number", "weight_received")) == [
        (lots[0].pk, "2211/3", Decimal("903.000")),
        (lots[1].pk, "2211/4", Decimal("904.000")),
    ]
    assert rows_of("work.File").get(lot=None).key == "of/nothing"
    assert rows_of("jobs.Job").get().due_at == AT


def test_a_request_for_access_that_waited_is_open_after_the_migrations() -> None:
    states = rows_of("people.AccessRequest").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["open", "declined"]


def test_the_guards_of_what_was_moved_hold_after_the_migrations() -> None:
    measured = rows_of("quality.Measurement")
    for change in (lambda: measured.all().delete(), lambda: measured.update(value=Decimal(1))):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    document = rows_of("documents.Document").first()
    document.pk, document.source_key, document.key = None, "another", "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save(force_insert=True)
