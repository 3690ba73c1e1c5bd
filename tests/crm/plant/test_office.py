"""The office of the simulated plant, and what a run says it made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest

from crm.bridge.program import program
from crm.catalogue.models import Freezer
from crm.ledger.models import Balance
from crm.ledger.verify import verify
from crm.people.models import Person
from crm.plant.asked import MIXES
from crm.plant.clock import PlantClock
from crm.plant.crew import hire
from crm.plant.made import made_since
from crm.plant.office import Office
from crm.plant.plan import day_plan
from crm.plant.slips import CHANCES, Slips
from crm.production.facts.shock_places import shock_places
from crm.production.models import FreezerLoad, Pallet, Shipment
from crm.quality.operations.place_hold import place_hold
from tests.crm.production.pallets import kg, stocked
from tests.crm.production.stock import batch_in_stock
from tests.seeded import seed

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 07:00 of the plant


@pytest.fixture
def clock(db: None) -> Iterator[PlantClock]:
    seed()
    hire()
    with PlantClock(START) as clock:
        yield clock


def work(office: Office, clock: PlantClock) -> None:
    """Let the office do everything that is due."""
    office.plan(clock.now(), clock.now())
    while office.next_due is not None:
        clock.move_to(office.next_due)
        office.act(clock.now())


@pytest.mark.parametrize("luck", range(6))
def test_what_is_ready_leaves_by_two_people_and_what_is_held_stays(
    clock: PlantClock, luck: int
) -> None:
    pallets = [stocked(number) for number in range(1, 6)]
    manager = Person.objects.holding("quality_manager").earliest("id")
    held = pallets[2]
    place_hold(manager, lot=held.lot, kind="manual", reason="проверка", at=clock.now())
    work(Office(program(), Random(luck), Slips(0)), clock)
    for shipment in Shipment.objects.filter(state="shipped"):
        assert shipment.confirmed_by != shipment.reviewed_by
    assert not Pallet.objects.filter(state="reserved").exists()
    held.refresh_from_db()
    assert held.state == "in_stock"
    shipped = Shipment.objects.filter(state="shipped").count()
    assert made_since(START).counts["отгрузок"] == shipped
    assert not any(found.count for found in verify())


def test_a_sample_of_the_newest_batch_goes_to_the_laboratory_once_a_day(clock: PlantClock) -> None:
    batches = [batch_in_stock("carcass", kg(500), condition="chilled") for _ in range(2)]
    work(Office(program(), Random(1), Slips(0)), clock)
    taken = Balance.objects.get(account="sample")
    assert (taken.lot, taken.physical) == (batches[1].lot, kg("0.5"))


def test_a_day_has_every_station_in_it() -> None:
    begun = {errand.titles[-1] for _, errand in day_plan(START, Random(1))}
    assert {"Новая партия", "Новая заготовка", "Новый фарш", "Создать фарш пет-фуд"} <= begun
    assert {
        "Добавить МКО1",
        "Создать буферный паллет",
        "Заморозка МКО2",
        "Принять вторфарш",
    } <= begun


def test_a_day_begins_as_much_as_the_plant_can_make() -> None:
    """Domain 13.10: 12-25 receipts, 3-6 blanks, 20-60 mixes: also where nothing can be made of pet
    food and the first order finds no meat, as on the first day."""
    for number in range(200):
        plan = [errand for _, errand in day_plan(START, Random(number))]
        begun = Counter(errand.titles[-1] for errand in plan)
        assert 12 <= begun["Новая партия"] <= 25
        assert 3 <= begun["Новая заготовка"] + begun["Новая заготовка пет-фуд"] <= 6
        mixes = {
            title: [errand.memory[MIXES] for errand in plan if errand.titles == (title,)]
            for title in ("Новый фарш", "Создать фарш пет-фуд")
        }
        assert sum(mixes["Новый фарш"][1:]) >= 20
        assert sum(map(sum, mixes.values())) <= 60


def test_on_some_days_no_shocker_has_a_place_for_hours_and_then_each_is_as_it_was(
    clock: PlantClock,
) -> None:
    pallet = stocked(7)
    shocker = Freezer.objects.get(kind="shock", number=2)
    FreezerLoad.objects.create(
        state="freezing", freezer=shocker, slot=1, pallet=pallet, loaded_at=clock.now(),
        due_at=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    before, places = capacities(), shock_places()
    office = Office(program(), Random(1), Slips(1000 / CHANCES["full shocker"]))
    office.plan(clock.now(), clock.now())
    seen = []
    while office.next_due is not None:
        clock.move_to(office.next_due)
        office.act(clock.now())
        seen.append(shock_places())
    assert office.slips.made["full shocker"] == 1
    assert 0 in seen
    assert (seen[-1], capacities()) == (places, before)


def test_a_run_that_ends_meanwhile_leaves_no_shocker_full(clock: PlantClock) -> None:
    office = Office(program(), Random(1), Slips(1000 / CHANCES["full shocker"]))
    before = capacities()
    office.plan(clock.now(), clock.now())
    while shock_places():
        assert office.next_due is not None
        clock.move_to(office.next_due)
        office.act(clock.now())
    office.end(clock.now())
    assert capacities() == before


def capacities() -> dict[int, tuple[bool, int]]:
    rows = Freezer.objects.filter(kind="shock").order_by("number")
    return {
        number: (active, places)
        for number, active, places in rows.values_list("number", "active", "capacity")
    }
