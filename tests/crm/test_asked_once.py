"""What is asked twice is answered once, until something is written or locked."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.asked_once import asked_once, lasting, remembering
from crm.ledger.models import Lot
from crm.people.models import Person

pytestmark = pytest.mark.django_db


@asked_once
def lots(kind: str = Lot.Kind.MIX) -> int:
    return Lot.objects.filter(kind=kind).count()


def a_lot() -> None:
    Lot.objects.create(kind=Lot.Kind.MIX)


def test_a_question_is_asked_once_and_another_argument_is_another_question() -> None:
    with transaction.atomic(), remembering(), CaptureQueriesContext(connection) as asked:
        assert [lots(), lots(), lots(kind=Lot.Kind.BLANK)] == [0, 0, 0]
    assert len(asked) == 2


def test_whatever_is_written_is_asked_anew() -> None:
    with transaction.atomic(), remembering():
        assert lots() == 0
        a_lot()
        assert lots() == 1
        Lot.objects.all().delete()
        assert lots() == 0


def test_what_a_part_wrote_that_was_taken_back_is_asked_anew() -> None:
    with transaction.atomic(), remembering():
        assert lots() == 0
        with suppress(ZeroDivisionError), transaction.atomic(), remembering():
            a_lot()
            assert lots() == 1
            raise ZeroDivisionError
        assert lots() == 0


def test_a_lock_is_waited_for_so_everything_is_asked_anew_after_it() -> None:
    with transaction.atomic(), remembering(), CaptureQueriesContext(connection) as asked:
        lots()
        list(Lot.objects.select_for_update())
        lots()
    locks = connection.features.has_select_for_update  # SQLite locks all from the beginning
    assert len(asked) == (3 if locks else 2)


def test_nothing_is_remembered_from_one_transaction_to_the_next_nor_outside() -> None:
    with CaptureQueriesContext(connection) as asked:
        for _ in range(2):
            with transaction.atomic(), remembering():
                lots()
        lots()
        lots()
    assert sum("COUNT" in query["sql"] for query in asked) == 4


@pytest.mark.django_db(transaction=True)
def test_nothing_is_remembered_where_no_transaction_is_open() -> None:
    with remembering(), CaptureQueriesContext(connection) as asked:
        lots()
        lots()
    assert len(asked) == 2


def test_who_somebody_is_stands_through_writes_until_the_transaction_ends() -> None:
    told: list[int] = []
    for _ in range(2):
        with transaction.atomic(), remembering():
            for _ in range(2):
                lasting("who", lambda: told.append(1))
                a_lot()
    assert len(told) == 2


def test_who_somebody_is_is_asked_anew_once_people_were_written(receiver: Person) -> None:
    told: list[int] = []
    with transaction.atomic(), remembering():
        for _ in range(2):
            lasting("who", lambda: told.append(1))
        receiver.roles.create(role="lab")
        lasting("who", lambda: told.append(1))
        Person.objects.filter(pk=receiver.pk).update(active=False)
        lasting("who", lambda: told.append(1))
    assert len(told) == 3


def test_what_goes_back_to_a_savepoint_frees_its_locks_so_they_are_taken_anew() -> None:
    with transaction.atomic(), remembering():
        with suppress(ZeroDivisionError), transaction.atomic():
            assert lasting("lock", lambda: "first") == "first"
            raise ZeroDivisionError
        assert lasting("lock", lambda: "anew") == "anew"
