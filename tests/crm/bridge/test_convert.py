"""What operations and facts are given: rows of tables, codes, lines, by the types that are
written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.bridge.convert import convert
from crm.bridge.records import row_of
from crm.catalogue.models import Company, Freezer
from crm.fact import Line
from crm.people.models import Person
from crm.production.models import RawBatch
from engine.errors import EngineError
from engine.model.conversation import Answer
from engine.model.files import FileRef
from engine.model.values import Option, Row, Value
from tests.crm.conftest import Receive

pytestmark = pytest.mark.django_db
PHOTO = FileRef("k", "00", 1, "image/jpeg", "")


def one(value: Value, notation: str, **more: Any) -> Any:
    (found,) = convert([value], [notation], **more)
    return found


@contextmanager
def queries() -> Iterator[list[str]]:
    told: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield told
    told += [query["sql"] for query in captured]


@pytest.mark.parametrize(
    ("value", "notation", "given"),
    [
        (None, "number kg?", None),
        (12, "number kg", Decimal(12)),
        (Option("", "7", number=Decimal("7.5")), "number kg", Decimal("7.5")),
        (Decimal(12), "integer", 12),
        (Option("frozen", "Замороженное"), "choice(chilled, frozen)", "frozen"),
        (Option("soup", "Суп"), "text", "Суп"),
        (Option("", "Своё"), "text", "Своё"),
        (True, "bool", True),
        ((PHOTO,), "files?", (PHOTO,)),
        ((), "measurements", ()),
        ((1, 2), "list of integer", (1, 2)),
    ],
)
def test_a_plain_value_is_given_as_its_type_says(value: Value, notation: str, given: Any) -> None:
    found = one(value, notation)
    assert (found, type(found)) == (given, type(given))


def test_a_record_is_its_row_and_a_pick_too(receive: Receive, company: Company) -> None:
    batch = receive()
    assert one(row_of(batch), "raw_batch") == batch
    assert one(Option(str(company.pk), company.name), "company?") == company
    assert one(row_of(batch.created_by), "person") == batch.created_by  # type: ignore[arg-type]
    assert one(Option("", "Новая", new=True), "company") == "Новая"


def test_records_of_a_list_keep_their_order_and_cost_one_query(receive: Receive) -> None:
    batches = [receive() for _ in range(3)]
    rows = tuple(row_of(batch) for batch in reversed(batches))
    with queries() as told:
        assert one(rows, "list of raw_batch") == tuple(reversed(batches))
    assert len(told) == 1


def test_a_record_without_a_table_is_a_line_whose_fields_are_converted() -> None:
    fields = {"uuid": "u1", "weight": 500, "withdrawn": False, "strange": "x"}
    line = one((Row("documents[]", "2", "ВСД", fields),), "list of vet_document")[0]
    assert isinstance(line, Line)
    assert (line.id, line.title, line["uuid"], line["weight"]) == ("2", "ВСД", "u1", Decimal(500))
    assert (line["producer"], "strange" in line.fields) == (None, False)


def test_a_row_within_a_line_is_found_with_the_others(receive: Receive) -> None:
    batch = receive()
    line = Row("items[]", "1", "", {"batch": row_of(batch), "available": Decimal(5)})
    with queries() as told:
        rows = convert([(line, line), row_of(batch)], ["list of raw_stock_line", "raw_batch"])
    assert [item["batch"] for item in rows[0]] == [batch, batch]
    assert rows[1] == batch
    assert len(told) == 1


def test_answers_are_converted_by_the_types_of_the_operation(receive: Receive) -> None:
    batch = receive()
    answers = {
        "expected": Answer(row_of(batch)),
        "condition": Answer(Option("frozen", "Замороженное"), approved=True),
        "else": Answer(Option("x", "Икс")),
    }
    types = {"expected": "raw_batch?", "condition": "choice(chilled, frozen)"}
    found = one(answers, "answers", answers=types)
    assert found["expected"].value == batch
    assert found["condition"] == Answer("frozen", approved=True)
    assert found["else"].value == Option("x", "Икс")


def test_a_period_is_the_pair_of_its_ends() -> None:
    assert one(Row("period", "", "", {"begins": 1, "ends": 2}), "period") == (1, 2)


@pytest.mark.parametrize(
    ("value", "notation", "words"),
    [
        (Row("raw_batch", "987654"), "raw_batch", "no raw_batch with id 987654"),
        (Row("raw_batch", "x"), "raw_batch", "no raw_batch with id x"),
        (Row("nothing", "1"), "nothing", "no records of the kind nothing"),
        ("2411/3", "raw_batch", "raw_batch is no str"),
        ("many", "number kg", "a str is no number"),
        ("many", "list of integer", "a str is no list"),
    ],
)
def test_what_does_not_fit_is_our_mistake(value: Value, notation: str, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        one(value, notation)


def test_rows_with_a_state_are_locked_in_the_order_of_their_kinds_and_ids(
    receive: Receive, receiver: Person
) -> None:
    first, second = receive(), receive()
    values = [row_of(second), row_of(receiver), row_of(first)]
    types = ["raw_batch", "person", "raw_batch"]
    with transaction.atomic(), queries() as told:
        found = convert(values, types, lock=True)
    assert found == [second, receiver, first]
    people, *batches = told
    assert "FOR UPDATE" not in people
    assert all(RawBatch._meta.db_table in sql and "ORDER BY" in sql for sql in batches)
    # Locked first and read afterwards: what waited for its lock sees who was before it.
    wanted = [True, False] if connection.features.has_select_for_update else [False]
    assert ["FOR UPDATE" in sql for sql in batches] == wanted


def test_a_freezer_is_locked_before_what_is_put_into_it(receive: Receive) -> None:
    batch = receive()
    freezer = Freezer.objects.create(kind="plate", number=99, line=1, capacity=1, min_minutes=90)
    values = [row_of(batch), row_of(freezer)]
    with transaction.atomic(), queries() as told:
        assert convert(values, ["raw_batch", "freezer"], lock=True) == [batch, freezer]
    tables = [Freezer._meta.db_table, RawBatch._meta.db_table]
    locks = [sql for sql in told if "FOR UPDATE" in sql]
    wanted = tables if connection.features.has_select_for_update else []
    assert [name for sql in locks for name in tables if f'FROM "{name}"' in sql] == wanted
