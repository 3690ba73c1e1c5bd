"""The generated plant keeps its books, and the database is whole again after it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from crm.audit.verify import head
from crm.audit.verify import verify as verify_seals
from crm.ledger.models import Edge, Event, Lot, Posting, StateHistory
from crm.ledger.trace import Way, lots_of
from crm.ledger.verify import verify
from crm.people.models import Person
from crm.production.models import FreezerLoad, MincedOrder, MixUse, PalletItem
from crm.production.recall import recall
from crm.quality import usable
from crm.quality.operations.place_hold import place_hold
from crm.quality.usable import Use, blocked_lots
from crm.work.models import Task
from tests.bench import audit, exports, stock
from tests.bench.office import FILTERS, LISTS, QUERIES, STORE_QUERIES, measure, ordered
from tests.bench.office_rows import furnish
from tests.bench.plant_rows import A_DAY, MIXES, PALLETS, fill
from tests.bench.trace import by_orm

pytestmark = pytest.mark.django_db(transaction=True)
PADDED = "Килограммы, которых уже ничто не возьмёт"


def test_generated_books_are_true_and_lead_from_a_delivery_to_customers() -> None:
    said: list[str] = []
    fill(3 * A_DAY, 20_000, 1, said.append)
    assert Lot.objects.filter(born__isnull=False).count() == 3 * A_DAY
    assert abs(Posting.objects.count() - 20_000) < 1_000
    # The padding of the generator leaves a gram of a shipped pallet on the store: no event does.
    assert {found.title for found in verify() if found.count} <= {PADDED}
    first = recall(1)
    assert len(first.names) == len(lots_of([1], Way.FORWARD)) > 200
    assert {gone.shipment[:6] for gone in first.shipped} == {"О-2026"}
    assert by_orm(1) == len(lots_of([1], Way.FORWARD)) - 1
    assert stock.of_a_place() == stock.of_a_place_summed() > 0
    assert stock.second_minced() == stock.second_minced_summed() > 0
    assert Edge.objects.filter(kind="rework").exists()
    assert said[-1] == "records made"
    with pytest.raises(IntegrityError, match="append-only"):
        connection.cursor().execute("DELETE FROM ledger_event")
    assert Event.objects.exists()


def test_an_office_of_generated_rows_shows_what_the_books_say_in_few_queries() -> None:
    fill(2 * A_DAY, 5_000, 1, lambda _line: None)
    furnish(lambda _line: None)
    assert Edge.objects.filter(child__kind="mix").count() == MixUse.objects.count()
    assert PalletItem.objects.count() == 2 * PALLETS
    order = MincedOrder.objects.latest("pk")
    assert order.mixes.count() == order.number_mix
    assert order.items.exists()
    assert FreezerLoad.objects.filter(state="freezing").exists()
    assert Task.objects.filter(state="open").count() == MIXES
    connection.check_constraints()
    found = measure(1)
    assert found.pop("start page").queries > 0  # it is neither a list nor a card
    for name in LISTS:
        assert {f"{name}: first page", f"{name}: last page", f"{name}: card"} <= {*found}
    assert {name: cost.queries for name, cost in found.items() if cost.queries > QUERIES} == {}
    assert found["store"].queries <= STORE_QUERIES
    orders = [name for name, _address in ordered()]
    assert {name.partition(":")[0] for name in orders} == {*FILTERS}
    assert "mixes: by kg_used" in orders
    assert all(exports.made(form, PALLETS) > PALLETS for form in ("xlsx", "csv"))


def test_holds_of_many_lots_are_those_that_each_would_be_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(2 * A_DAY, 5_000, 1, lambda _line: None)
    furnish(lambda _line: None)
    person = Person.objects.earliest("pk")
    for kind, record in (("manual", "raw_batch"), ("fhp", "mix"), ("antibiotic", "blank")):
        for lot in Lot.objects.filter(kind=record).order_by("-born")[:2]:
            place_hold(person, lot=lot, kind=kind, reason="нужна проверка", at=timezone.now())
    lots = [*Lot.objects.filter(born__isnull=False).values_list("pk", flat=True)]
    for use in Use:
        monkeypatch.setattr(usable, "MANY", len(lots))
        one_by_one = blocked_lots(lots, use)
        monkeypatch.setattr(usable, "MANY", 0)
        assert blocked_lots(lots, use) == one_by_one
        held = Lot.objects.filter(pk__in=usable.forbidden(use), born__isnull=False)
        found = held.values_list("pk", flat=True)
        assert {*found} == one_by_one.keys()
        assert one_by_one or use is Use.FREEZING


def test_generated_history_is_written_to_its_last_row_and_sealed() -> None:
    audit.fill(2_500)
    assert StateHistory.objects.values("record_id").distinct().count() == 2_500
    assert (head().seals, head().unsealed) == (3, 0)
    assert list(verify_seals(1, 3)) == []
    names = connection.introspection.get_constraints(
        connection.cursor(), StateHistory._meta.db_table
    )
    assert {index.name for index in StateHistory._meta.indexes} <= names.keys()
