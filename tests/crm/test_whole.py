"""Writes that are done together or not at all, without a part of their own."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.ledger.models import Lot
from crm.whole import whole


@whole
def two_lots(*, breaks: bool = False) -> None:
    Lot.objects.create(kind=Lot.Kind.MIX)
    if breaks:
        raise ZeroDivisionError
    Lot.objects.create(kind=Lot.Kind.MIX)


@pytest.mark.django_db
def test_inside_a_transaction_no_part_is_begun() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        two_lots()
    assert [query["sql"].partition(" ")[0] for query in asked] == ["INSERT", "INSERT"]


@pytest.mark.django_db(transaction=True)
def test_outside_of_one_what_breaks_half_way_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        two_lots(breaks=True)
    assert not Lot.objects.exists()
    two_lots()
    assert Lot.objects.count() == 2


@pytest.mark.django_db
def test_who_goes_on_after_an_error_takes_back_what_was_written_by_a_part_of_his_own() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        two_lots(breaks=True)
    assert not Lot.objects.exists()
