"""An empty plant again: what it has done goes, what it is stays (domain 11.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey, Model
from typer.testing import CliRunner

from cli import app
from crm.audit.operations.seal import seal
from crm.audit.verify import Wrong, head, spans, verify
from crm.bridge.program import program
from crm.bridge.standing import verify_work
from crm.care import kept as keeping
from crm.care.reset import STAYS, emptied, going, held
from crm.catalogue.models import Company
from crm.configuration import settings
from crm.jobs import queue
from crm.ledger.models import Balance, Edge, Event, Lot, Posting, Reservation, StateHistory
from crm.ledger.trace import Way, lots_of
from crm.ledger.verify import verify as verify_books
from crm.people.models import Person
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import (
    MincedOrder,
    Mix,
    MixUse,
    OrderItem,
    Pallet,
    Place,
    Plant,
    RawBatch,
    Shipment,
    ShipmentPallet,
)
from crm.quality.models import LimitVersion, Measurement, MixAnalysis, RawAnalysis
from crm.work.models import Session, Version
from engine.errors import EngineError
from tests.crm.walk import analyse, plan, receive, walk_the_plant

KEPT = (Person, Company, LimitVersion, StateHistory, Version)
BEHIND: tuple[type[Model], ...] = (  # a shipment
    *(Shipment, ShipmentPallet, Pallet, Mix, MixUse, MincedOrder, OrderItem, RawBatch),
    *(RawAnalysis, MixAnalysis, Measurement, Lot, Event, Posting, Edge),
)


class Hands(Talker):
    """The phones of the plant, as the walk asks for them."""

    def now(self) -> datetime:
        return self.clock.now()


@pytest.fixture
def door(clock: PlantClock) -> Hands:
    """A plant that has taken and analysed a delivery, its history sealed."""
    hands = Hands(clock)
    receive(hands)
    analyse(hands)
    assert seal(hands.now())
    return hands


@pytest.fixture
def shipped(clock: PlantClock) -> tuple[Hands, dict[type[Model], int]]:
    """A plant that has shipped what one delivery became, and how many rows that made; then it has
    planned what is left of the delivery, and taken the next."""
    hands = Hands(clock)
    walk_the_plant(hands)
    rows = {model: model._base_manager.count() for model in BEHIND}
    plan(hands)
    receive(hands)
    assert seal(hands.now())
    return hands, rows


def ran(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["reset", *arguments])
    return done.exit_code, done.output


def wrong() -> set[Wrong]:
    return {one for span in spans(2) for one in verify(*span)}


def test_a_reset_counts_what_would_go_and_takes_nothing(door: Hands) -> None:
    code, said = ran()
    assert code == 0
    assert "партии сырья: 1" in said
    assert "Не тронуто ничего" in said
    assert (RawBatch.objects.count(), Posting.objects.count() > 0) == (1, True)


def test_a_reset_takes_the_work_and_leaves_people_reference_data_and_history(
    door: Hands,
) -> None:
    kept = {model: model.objects.count() for model in KEPT}
    code, said = ran("--apply")
    assert code == 0, said
    left = held()
    assert {*left} <= {"завод", "заводы", "таймеры", "задачи"}, left
    assert not RawBatch.objects.exists()
    assert not Session.objects.exists()
    began = StateHistory.objects.filter(record="plant").count()
    now = {model: model.objects.count() for model in KEPT}
    assert now == {**kept, StateHistory: kept[StateHistory] + began - 1}
    assert Plant.objects.get().state == "works"
    assert [one.title for one in verify_books() if one.count] == []


def test_an_emptied_plant_works_from_its_first_number_and_its_books_are_guarded(
    door: Hands,
) -> None:
    ran("--apply")
    fresh = Hands(door.clock)
    receive(fresh)
    assert RawBatch.objects.get().number == "2211/3"
    for table in ("ledger_posting", "ledger_event", "ledger_statehistory"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(f"DELETE FROM {table}")


def test_history_verifies_after_a_reset_and_a_row_taken_later_is_still_named(
    door: Hands,
) -> None:
    before = head().digest
    ran("--apply")
    assert wrong() == set()
    fresh = Hands(door.clock)
    receive(fresh)
    assert seal(door.now() + timedelta(minutes=1))
    assert (wrong(), head().digest != before) == (set(), True)
    taken = Posting.objects.earliest("pk").pk
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER ledger_posting_refuses_delete")
        cursor.execute("DELETE FROM ledger_posting WHERE id = %s", [taken])
    assert wrong() == {Wrong("Строки больше нет", "ledger_posting", taken)}


Shipped = tuple[Hands, dict[type[Model], int]]


def test_shipments_stay_with_all_behind_them_as_though_nothing_else_had_been_done(
    shipped: Shipped,
) -> None:
    hands, rows = shipped
    lot = Pallet.objects.get().lot_id
    behind = lots_of([lot], Way.BACKWARD)
    code, said = ran("--apply", "--keep-shipments")
    assert code == 0, said
    assert {model: model._base_manager.count() for model in BEHIND} == rows
    assert lots_of([lot], Way.BACKWARD) == behind
    left = Balance.objects.get(lot=RawBatch.objects.get().lot_id, account="raw_store")
    assert (left.physical, left.reserved) == (1000, 0)
    assert not Session.objects.exists()
    assert not Place.objects.exists()
    assert not Reservation.objects.filter(kg__gt=0).exists()
    assert [one for one in (*verify_books(), *verify_work(program())) if one.count] == []
    fresh = Hands(hands.clock)
    receive(fresh)
    assert {*RawBatch.objects.values_list("number", flat=True)} == {"2211/3", "2211/5"}


def test_what_would_go_beside_shipments_is_counted_and_nothing_taken(shipped: Shipped) -> None:
    every = {model: model._base_manager.count() for model in BEHIND}
    code, said = ran("--keep-shipments")
    assert code == 0
    assert {"партии сырья: 1", "партии фарша: 1"} <= {*said.splitlines()}
    assert "отгрузки" not in said
    assert {model: model._base_manager.count() for model in BEHIND} == every


def test_sealed_rows_that_stay_are_still_guarded_and_asked_for(shipped: Shipped) -> None:
    ran("--apply", "--keep-shipments")
    assert wrong() == set()
    changed = Posting.objects.earliest("pk")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute("UPDATE ledger_posting SET grams = grams")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER ledger_posting_refuses_update")
        cursor.execute("UPDATE ledger_posting SET grams = 7 WHERE id = %s", [changed.pk])
    assert wrong() == {Wrong("Строка изменена", "ledger_posting", changed.pk)}


def test_a_reset_that_would_leave_books_that_are_not_true_is_not_done(
    shipped: Shipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    less = {**keeping.STAYS, "production_mixuse": "1 = 0"}
    monkeypatch.setattr(keeping, "STAYS", less)
    with pytest.raises(EngineError, match="Расход завершённой партии фарша"), transaction.atomic():
        emptied(shipped[0].now(), shipments=True)
    assert MincedOrder.objects.count() == 2


@pytest.mark.postgres_only
def test_a_reset_forgets_the_queue_of_background_work(door: Hands) -> None:
    assert queue.held() == 1  # the search for the documents of the delivery
    assert "очередь фоновой работы: 1" in ran()[1]
    assert queue.held() == 1
    ran("--apply")
    assert queue.held() == 0


def test_what_stays_of_a_table_points_only_to_tables_of_which_that_stays() -> None:
    gone = {one._meta.db_table for one in going()}
    stays = {*keeping.STAYS, *keeping.ABOUT}
    assert stays <= gone
    pointed = {
        f"{one._meta.db_table}.{field.name}"
        for one in going()
        if one._meta.db_table in stays
        for field in one._meta.local_fields
        if isinstance(field, ForeignKey) and field.related_model._meta.db_table in gone - stays
    }
    assert pointed == {"quality_measurement.check_made"}  # none of those stays


def test_whoever_verifies_the_audit_is_told_of_a_reset(door: Hands) -> None:
    def said() -> str:
        return CliRunner().invoke(app, ["verify-audit", "--processes", "1"]).output

    assert "опустошили" not in said()
    last = Posting.objects.latest("pk").pk
    ran("--apply")
    assert f"завод опустошили: ledger_posting до строки {last}" in said()
    assert "История та же" in said()


def test_outside_the_demo_the_name_of_the_plant_is_asked_for(
    door: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "demo", False)
    code, said = ran("--apply", "--plant", "Другой")
    assert (code, RawBatch.objects.count()) == (1, 1)
    assert "Учебный завод" in said
    assert ran("--apply", "--plant", "Учебный завод")[0] == 0
    assert not RawBatch.objects.exists()


def test_every_table_of_the_plant_goes_or_stays_for_a_reason() -> None:
    gone = {one._meta.db_table for one in going()}
    stays = {
        one._meta.db_table
        for name in ("people", "catalogue", "audit", "auth", "api")
        for one in apps.get_app_config(name).get_models(include_auto_created=True)
    }
    assert not gone & stays
    assert not gone & STAYS
    pointed = {
        f"{relation.related_model._meta.db_table}.{relation.field.name}"
        for one in going()
        for relation in one._meta.related_objects
        if relation.related_model._meta.db_table not in gone
    }
    assert pointed == set()
