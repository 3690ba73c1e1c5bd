"""What is kept of catalogues and limits is what stands in their tables, whoever writes them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.asked_once import remembering
from crm.bridge.catalogues import _first, by_key
from crm.bridge.listing import catalogues
from crm.catalogue.models import (
    Company,
    Customer,
    Entry,
    Nomenclature,
    RawMaterial,
    Recipe,
    Supplier,
)
from crm.catalogue.operations.add import add
from crm.catalogue.operations.change import change
from crm.edition import MARKS, TABLES, is_lasting
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.prepared import NUMBER, TEXT, Prepared
from crm.production.models import RawBatch
from crm.production.operations.take_delivery import write_batch
from crm.quality.limits import VERSIONS, in_force
from crm.quality.models import LimitVersion
from crm.together import answered, ask_ahead
from tests.seeded import seed

pytestmark = pytest.mark.django_db
PATIENCE_S = 60  # on a busy machine
WHILE_S = 0.5  # of another one's transaction
LIMIT = "receiving_temperature"
OWN = ("SAVEPOINT", "RELEASE")  # of the test's own transaction


@contextmanager
def turn() -> Iterator[None]:
    """Be a turn that has read the mark."""
    with transaction.atomic(), remembering():
        answered(MARKS)
        yield


def mark() -> str:
    """Return the marks as they are now."""
    return " ".join(MARKS.rows())


def kept(asked: Prepared, *given: Any) -> list[Any]:
    """Return what a turn is answered."""
    with turn():
        return answered(asked, *given)


ENTRIES = [one for one in apps.get_models() if issubclass(one, Entry)]


def test_tables_are_all_catalogues_and_the_limits() -> None:
    assert {*(one._meta.db_table for one in ENTRIES), LimitVersion._meta.db_table} == TABLES


@pytest.mark.parametrize("model", ENTRIES, ids=[one._meta.model_name for one in ENTRIES])
def test_whatever_writes_a_catalogue_turns_the_mark(model: type[Model]) -> None:
    columns: dict[str, Any] = {"code": "x", "name": "Х", "name_key": "х"}
    if model is Recipe:
        columns |= {"number": 99, "product_line": "mmo"}
    table, rows = model._meta.db_table, model._base_manager.filter(code="x")
    marks = [mark()]
    model._base_manager.bulk_create([model(**columns)], ignore_conflicts=True)
    marks.append(mark())
    rows.update(active=False)
    marks.append(mark())
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET name = 'Й' WHERE code = 'x'")
    marks.append(mark())
    rows.delete()
    marks.append(mark())
    assert len({*marks}) == len(marks)
    assert list(rows) == []
    assert mark() == marks[-1]


def test_whatever_writes_limits_turns_the_mark() -> None:
    before = mark()
    LimitVersion.objects.bulk_create([version(1)], ignore_conflicts=True)
    assert mark() not in ("", before)


@pytest.mark.postgres_only
def test_emptying_a_table_turns_the_mark() -> None:
    before = mark()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalogue_separator CASCADE")
    assert mark() not in ("", before)


def version(number: int, **columns: Any) -> LimitVersion:
    """Make a version of a limit that began so many hours ago."""
    since = timezone.now() - timedelta(hours=number)
    given = {"name": "x", "most": 5, "unit": "kg", "source": "s", "since": since} | columns
    return LimitVersion(**({"version": number} | given))


def test_questions_of_other_tables_are_not_kept() -> None:
    lasting = {name for name in catalogues() if is_lasting(_first(name))}
    assert lasting == {*catalogues()} - {"plate_freezers", "shock_freezers"}
    assert lasting == {name for name in catalogues() if is_lasting(by_key(name))}
    batches = RawBatch.objects.filter(company__code="x").values("supplier")
    beside = Supplier.objects.prefetch_related("merged_into")
    assert is_lasting(VERSIONS)
    assert not is_lasting(Prepared(lambda: Supplier.objects.filter(pk__in=batches)))
    assert not is_lasting(Prepared(beside.all))
    assert not is_lasting(Prepared(lambda: Supplier.objects.select_related("created_by")))


def test_what_was_answered_is_asked_no_second_time_until_it_changes() -> None:
    company = Company.objects.create(code="x", name="Х")
    ask = by_key("companies")
    for name, times in (("Х", 2), ("Х", 1), ("Ц", 2), ("Ц", 1)):
        if name != company.name:
            company.name = name
            company.save()
        with CaptureQueriesContext(connection) as asked:
            (found,) = kept(ask, company.pk)
        said = [one["sql"] for one in asked if not one["sql"].startswith(OWN)]
        assert (found.name, len(said)) == (name, times), said
    Company.objects.filter(pk=company.pk).update(active=False)
    assert kept(ask, company.pk) == []
    company.delete()
    assert kept(ask, company.pk) == []


def test_what_is_asked_ahead_is_kept_too() -> None:
    company, supplier = (model.objects.create(code="x", name="Х") for model in (Company, Supplier))
    questions = [(by_key("companies"), (company.pk,)), (by_key("suppliers"), (supplier.pk,))]
    for times in (1, 0):
        with turn(), CaptureQueriesContext(connection) as asked:
            ask_ahead(questions)
            assert [[one.pk for one in answered(*q[:1], *q[1])] for q in questions] == [
                [company.pk],
                [supplier.pk],
            ]
        assert len([one for one in asked if not one["sql"].startswith(OWN)]) == times


def test_a_change_that_goes_back_was_seen_by_nobody_else() -> None:
    company = Company.objects.create(code="x", name="Х")
    ask = by_key("companies")
    assert [one.name for one in kept(ask, company.pk)] == ["Х"]
    with transaction.atomic():
        Company.objects.filter(pk=company.pk).update(name="Ц")
        assert [one.name for one in kept(ask, company.pk)] == ["Ц"]
        transaction.set_rollback(True)
    assert [one.name for one in kept(ask, company.pk)] == ["Х"]
    Company.objects.filter(pk=company.pk).update(name="Ч")
    assert [one.name for one in kept(ask, company.pk)] == ["Ч"]


def test_what_a_turn_writes_it_reads() -> None:
    company = Company.objects.create(code="x", name="Х")
    ask = by_key("companies")
    kept(ask, company.pk)
    with turn():
        Company.objects.filter(pk=company.pk).update(name="Ц")
        assert [one.name for one in answered(ask, company.pk)] == ["Ц"]
        transaction.set_rollback(True)
    assert [one.name for one in kept(ask, company.pk)] == ["Х"]


def test_who_read_no_mark_asks() -> None:
    company = Company.objects.create(code="x", name="Х")
    ask = by_key("companies")
    kept(ask, company.pk)
    with transaction.atomic(), remembering(), CaptureQueriesContext(connection) as asked:
        answered(ask, company.pk)
    assert len(asked) == 1


def test_rows_that_are_kept_are_nobody_elses() -> None:
    company = Company.objects.create(code="x", name="Х")
    ask = by_key("companies")
    for _ in range(2):
        (found,) = kept(ask, company.pk)
        assert (found.name, found._state.fields_cache, found._state.adding) == ("Х", {}, False)
        found.name = "Ц"
        found._state.fields_cache["created_by"] = None


@pytest.mark.django_db(transaction=True)
def test_what_another_connection_commits_is_seen_by_the_next_turn() -> None:
    company = Company.objects.create(code="x", name="Х")
    ask = by_key("companies")
    assert [one.name for one in kept(ask, company.pk)] == ["Х"]

    def other() -> None:
        try:
            Company.objects.filter(pk=company.pk).update(name="Ц")
        finally:
            connection.close()

    writing = threading.Thread(target=other)
    writing.start()
    writing.join(PATIENCE_S)
    assert [one.name for one in kept(ask, company.pk)] == ["Ц"]


def test_a_limit_in_force_is_that_of_the_database_at_every_moment() -> None:
    now = timezone.now()
    rows = [version(3), version(2), version(1, since=now - timedelta(hours=2))]
    rows += [version(4, since=now + timedelta(hours=1)), version(4, since=rows[0].since, when="a")]
    rows += [version(9, name="y")]
    LimitVersion.objects.bulk_create(rows)
    for hours in (-5, -4, -3, -2.5, -2, -1, 0, 0.5, 1, 2):
        at = now + timedelta(hours=hours)
        with turn():
            assert in_force("x", at) == [*LimitVersion.objects.in_force("x", at)], hours


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_who_writes_one_catalogue_waits_for_nobody_who_writes_another() -> None:
    added = threading.Event()

    def other() -> None:
        try:
            add(None, model=Supplier, name="Новый", custom=False)
            added.set()
        finally:
            connection.close()

    writing = threading.Thread(target=other)
    with transaction.atomic():
        add(None, model=Customer, name="Новый", custom=False)
        writing.start()
        assert added.wait(PATIENCE_S)
    writing.join(PATIENCE_S)


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("values", [{"tax_no": "1"}, {"name": "Ц"}], ids=["number", "name"])
def test_a_form_that_types_a_name_and_an_office_that_changes_an_entry_both_end(
    values: dict[str, Any],
) -> None:
    by = Person.objects.create(full_name="Ветров", telegram_id=5)
    company = Company.objects.create(code="x", name="Х")
    given: Any = {
        "company": company,
        "material": RawMaterial.objects.create(code="x", name="Х"),
        "nomenclature": Nomenclature.objects.create(code="x", name="Х"),
        "supplier": "Новый",
        "condition": "chilled",
    }
    failed: list[BaseException] = []

    def office() -> None:
        try:
            entry = Company.objects.get(pk=company.pk)
            change(None, entry=entry, values=values, at=timezone.now())
        except OperationalError as error:
            failed.append(error)
        finally:
            connection.close()

    changing = threading.Thread(target=office)
    with transaction.atomic():
        write_batch(by, uuid4(), timezone.now(), given)
        changing.start()
        changing.join(WHILE_S)  # it holds the company, or waits for who named it
    changing.join(PATIENCE_S)
    assert not failed
    assert not changing.is_alive()


BEGIN = ("/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "[Каркас]", "[Каркас ЦБ]")


def test_a_turn_that_chooses_asks_for_nothing_more(talker: Talker) -> None:
    for _ in range(2):
        talker.say("receiver", *BEGIN[:3])
        with CaptureQueriesContext(connection) as asked:
            talker.say("receiver", BEGIN[3])
        talker.say("receiver", "/cancel", "[Да, отменить]")
    said = [one["sql"] for one in asked if not one["sql"].startswith(OWN)]
    assert len([one for one in said if one.startswith("SELECT")]) == 1, said


def test_the_office_changes_what_the_next_turn_shows(talker: Talker) -> None:
    talker.say("receiver", *BEGIN[:2])
    firm = Company.objects.get(name="ООО «Учебная компания 1»")
    assert firm.name in talker.phone("receiver").described()
    Company.objects.filter(pk=firm.pk).update(active=False)
    talker.say("receiver", f"[{firm.name}]")  # of the screen from before
    assert "Выберите компанию" in talker.phone("receiver").described()
    assert firm.name not in talker.phone("receiver").described()
    Company.objects.filter(pk=firm.pk).update(active=True, name="Другая")
    talker.say("receiver", "/start", "[▶ Продолжить «Новая партия», 1 из 22]")
    assert "[Другая]" in talker.phone("receiver").described()


def test_a_limit_of_the_office_holds_from_the_next_turn(talker: Talker) -> None:
    seed()
    with turn():
        before = in_force(LIMIT, timezone.now())
    (one, *_) = LimitVersion.objects.in_force(LIMIT, timezone.now())
    more = LimitVersion(
        name=LIMIT, most=1, unit="°C", source="s", version=one.version + 1, since=timezone.now()
    )
    more.save()
    with turn():
        assert in_force(LIMIT, timezone.now()) == [more] != before


def test_text_in_a_hole_is_kept_by_itself() -> None:
    ask = Prepared(lambda name: Company.objects.filter(name=name), TEXT)
    number = Prepared(lambda key: Company.objects.filter(pk=key), NUMBER)
    company = Company.objects.create(code="x", name="7")
    other = Company.objects.create(code="y", name="8")
    found = [kept(ask, "7"), kept(ask, "8"), kept(number, other.pk), kept(ask, "7")]
    assert found == [[company], [other], [other], [company]]
