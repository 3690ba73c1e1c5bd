"""Rows as expressions see them: columns at once, what they lead to when it is asked for."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from crm.asked_once import remembering
from crm.bridge.chats import DjangoChats
from crm.bridge.program import program
from crm.bridge.records import DjangoRecords, alive, find, row_of, value_of
from crm.catalogue.models import Company
from crm.fact import Line
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.models import RawBatch, VetDocument
from crm.quality.limits import in_force
from engine.errors import EngineError
from engine.expressions.compile import compile_expression
from engine.expressions.known import type_of
from engine.model.conversation import Actor, Answer, Screen, Session
from engine.model.fields import Fields, known
from engine.model.values import Option, Row
from engine.run.stored import pack, unpack
from tests.crm.conftest import Receive
from tests.crm.production.orders import line, new_order
from tests.crm.production.stock import batch_in_stock
from tests.seeded import seed

pytestmark = pytest.mark.django_db


def read(batch: RawBatch) -> Row:
    row = DjangoRecords().get("raw_batch", str(batch.pk))
    assert row is not None
    return row


def test_a_row_is_read_in_one_query_and_each_row_behind_it_when_it_is_asked_for(
    receive: Receive, django_assert_num_queries: Any
) -> None:
    batch = receive()
    with django_assert_num_queries(1):
        row = read(batch)
        assert row.fields["number"] == batch.number
        assert "company" in row.fields
    name = compile_expression("company.name")
    with django_assert_num_queries(1):
        assert {name(row.fields) for _ in range(3)} == {"ООО «Учебная компания 1»"}


def test_the_title_of_a_code_is_read_by_each_in_his_own_language(receive: Receive) -> None:
    condition = read(receive()).fields["condition"]
    assert isinstance(condition, Option)
    assert condition.title == "Замороженное"
    assert program().languages.say(condition.title, "en") == "Frozen"


def test_what_a_form_asks_for_one_by_one_is_read_by_one_statement(
    talker: Talker, django_assert_num_queries: Any
) -> None:
    reads, at = talker.ports.reads, talker.clock.now()
    asked = {
        name: reads.catalogues.page(name, "", 0, 1).options[0]
        for name in ("companies", "raw_materials", "suppliers")
    }
    chosen = {(name, option.code) for name, option in asked.items()} | {("companies", "²")}
    names = ("receiving_temperature", "core_temperature")

    def one_by_one() -> list[object]:
        rows = [reads.catalogues.get(name, option.code) for name, option in asked.items()]
        return [*rows, *(in_force(name, at) for name in names)]

    alone = one_by_one()
    assert alone[:-2] == [*asked.values()]
    assert all(alone)
    with transaction.atomic(), remembering():
        with django_assert_num_queries(1):
            reads.records.ahead(chosen, names, at)
        with django_assert_num_queries(0):
            assert one_by_one() == alone
            reads.records.ahead(chosen, names, at)
    with django_assert_num_queries(0):  # nothing is remembered where no transaction is open
        reads.records.ahead(chosen, names, at)


def test_columns_are_shown_as_people_and_expressions_need_them(receive: Receive) -> None:
    fields = read(receive(manufacturer=None)).fields
    assert fields["condition"] == Option("frozen", "Замороженное")
    assert (fields["state"], type(fields["state"])) == ("received", str)
    assert (fields["manufacturer"], fields["ttn_date"]) == (None, None)
    assert str(fields["received_at"].tzinfo) == "Europe/Moscow"  # type: ignore[union-attr]


def test_a_row_of_a_row_just_made_has_codes_and_not_members_of_classes(
    receive: Receive,
) -> None:
    batch = receive()
    batch.state, batch.condition = RawBatch.State.RELEASED, RawBatch.Condition.CHILLED
    fields = row_of(batch).fields
    assert type(fields["state"]) is str
    assert fields["condition"] == Option("chilled", "Охлаждённое")
    assert type(fields["condition"].code) is str  # type: ignore[union-attr]


def test_what_is_not_read_in_its_thread_is_not_read(receive: Receive) -> None:
    row = row_of(receive())
    with ThreadPoolExecutor(1) as other, pytest.raises(EngineError, match="another thread"):
        other.submit(lambda: row.fields["company"]).result()


def test_rows_compare_and_print_without_reading(
    receive: Receive, django_assert_num_queries: Any
) -> None:
    batch = receive()
    one, same = read(batch), read(batch)
    with django_assert_num_queries(0):
        assert one == same
        assert one != replace(same, fields={**known(same.fields), "number": "x"})
        assert "later=" in repr(one)
        changed = one.fields.over({"number": "2"}) if isinstance(one.fields, Fields) else {}
        assert changed["number"] == "2"
        assert one != replace(same, fields=changed)


def test_a_row_is_kept_with_its_columns_and_reads_the_rest_of_the_present_row(
    receive: Receive, django_assert_num_queries: Any
) -> None:
    batch = receive()
    row = read(batch)
    with django_assert_num_queries(0):
        kept = json.loads(json.dumps(pack(row)))
        assert "company" not in kept["r"][3]
        back: Any = unpack(kept, alive)
        assert back == row
    RawBatch.objects.filter(pk=batch.pk).update(number="2/2", tags_number=99)
    assert back.fields["tags_number"] == 12  # as it was answered
    assert back.fields["company"].fields["name"] == "ООО «Учебная компания 1»"
    gone: Any = alive(Row("raw_batch", "987654", "", {"number": "1"}))
    assert (gone.fields["number"], gone.fields["company"]) == ("1", None)
    whole = unpack(kept)
    assert isinstance(whole, Row)
    assert not isinstance(whole.fields, Fields)


def test_a_form_goes_on_with_the_rows_that_its_records_lead_to(
    receive: Receive, receiver: Person
) -> None:
    batch, chats = receive(), DjangoChats()
    at = batch.created_at
    actor = Actor(str(receiver.pk), receiver.full_name)
    row = read(batch)
    session = Session(
        uuid4(), "raw_intake", "d", actor, "company",
        answers={"expected": Answer(row)}, given={"batch": row},
    )  # fmt: skip
    chat = replace(chats.load(101), screen=Screen("question"), sessions=(session,))
    chats.keep(chat, at)
    (back,) = chats.load(101).sessions
    name = compile_expression("batch.company.name == expected.company.name")
    assert name({**back.given, "expected": back.answers["expected"].value}) is True


def test_a_line_of_python_becomes_a_row_with_rows_in_it(receive: Receive) -> None:
    batch = receive()
    lines = [Line("1", "Первая", {"batch": batch, "on_stock": Option("yes", "Да")})]
    found: Any = value_of(lines, type_of("list of raw_stock_line"))
    (row,) = found
    assert (row.kind, row.id, row.title) == ("raw_stock_line", "1", "Первая")
    assert row.fields["batch"].fields["number"] == batch.number


def test_a_manager_is_a_list_and_a_member_of_a_class_of_choices_an_option(
    receive: Receive,
) -> None:
    batch = receive()
    assert value_of(batch.vet_documents, type_of("list of vet_document")) == ()
    assert VetDocument.objects.count() == 0
    chilled = RawBatch.Condition.CHILLED
    assert value_of(chilled, type_of("choice(chilled, frozen)")) == Option("chilled", "Охлаждённое")
    with pytest.raises(EngineError, match="RawBatch is no list"):
        value_of(batch, type_of("list of raw_batch"))


def test_a_list_of_rows_is_read_with_what_their_kind_reads_along(
    django_assert_num_queries: Any,
) -> None:
    seed()
    parts = ("17.00", "13.00", "67.00")
    batches = [batch_in_stock("carcass", Decimal(100), parts, "chilled") for _ in range(2)]
    order = new_order([line("30", batch) for batch in batches], mixes=1)
    fields: Any = row_of(order).fields
    with django_assert_num_queries(1):
        numbers = [one.fields["batch"].fields["number"] for one in fields["items"]]
    assert numbers == [batch.number for batch in batches]


def test_a_record_that_is_not_there_is_our_mistake(company: Company) -> None:
    assert find("company", str(company.pk)) == company
    with pytest.raises(EngineError, match="no company with id 987654"):
        find("company", "987654")
    with pytest.raises(EngineError, match="no rows of nothing"):
        find("nothing", "1")
