"""A row that is read by its key is the one that Django would read, and is read once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.by_key import brought, members, related, reread
from crm.catalogue.models import RawMaterial
from crm.ledger.models import Lot
from crm.production.models import RawBatch

pytestmark = pytest.mark.django_db
Receive = Callable[..., RawBatch]


def test_a_row_that_another_leads_to_is_read_by_its_key_once(receive: Receive) -> None:
    batch = RawBatch.objects.get(pk=receive().pk)
    with CaptureQueriesContext(connection) as asked:
        assert related(batch, "raw_material").pk == batch.raw_material_id
        assert related(batch, "raw_material") is batch.raw_material
    assert len(asked) == 1


def test_of_two_rows_that_lead_to_each_other_each_knows_the_other(receive: Receive) -> None:
    batch = RawBatch.objects.get(pk=receive().pk)
    with CaptureQueriesContext(connection) as asked:
        assert related(batch, "lot").raw_batch is batch
    assert len(asked) == 1
    lot = Lot.objects.get(pk=batch.lot_id)
    with CaptureQueriesContext(connection) as asked:
        assert lot.record == batch
        assert related(lot, "raw_batch").lot is lot
    assert len(asked) == 1


def test_what_leads_nowhere_is_nothing_and_what_is_no_relation_is_itself(receive: Receive) -> None:
    batch = receive()
    with CaptureQueriesContext(connection) as asked:
        assert related(RawBatch(), "supplier") is None
        assert related(batch, "condition") == batch.condition
    assert not asked
    with pytest.raises(type(batch.lot).blank.RelatedObjectDoesNotExist):
        related(batch.lot, "blank")


def test_rows_that_lead_to_one_know_it_and_are_not_asked_for_when_they_are_there(
    receive: Receive,
) -> None:
    batch = RawBatch.objects.get(pk=receive().pk)
    lot = batch.lot
    balances = list(lot.balances.order_by("pk"))
    assert balances
    with CaptureQueriesContext(connection) as asked:
        found = members(lot, "balances")
        assert sorted(one.pk for one in found) == [one.pk for one in balances]
        assert all(one.lot is lot for one in found)
    assert len(asked) == 1
    (fetched,) = Lot.objects.filter(pk=lot.pk).prefetch_related("balances")
    with CaptureQueriesContext(connection) as asked:
        assert {one.pk for one in members(fetched, "balances")} == {one.pk for one in balances}
    assert not asked


def test_a_row_brought_up_to_date_is_another_that_keeps_what_it_still_leads_to(
    receive: Receive,
) -> None:
    batch = RawBatch.objects.select_related("raw_material", "company").get(pk=receive().pk)
    material = batch.raw_material
    values = {column.attname: getattr(batch, column.attname) for column in batch._meta.fields}
    now = values | {"number": "0101/9", "company_id": None}
    with CaptureQueriesContext(connection) as asked:
        found = brought(batch, list(now.values()))
        assert (found.number, found.raw_material, found.company) == ("0101/9", material, None)
        assert (batch.number, batch.company_id) == (values["number"], values["company_id"])
        assert batch.company is not None
    assert not asked


def test_a_row_read_anew_has_its_present_columns_and_forgets_its_relations(
    receive: Receive,
) -> None:
    batch = receive()
    assert related(batch, "raw_material") is not None
    other = RawMaterial.objects.create(code="other", name="Другое", name_key="Другое")
    RawBatch.objects.filter(pk=batch.pk).update(raw_material=other, ttn_number="7")
    reread(batch)
    assert (batch.ttn_number, batch.raw_material) == ("7", other)
