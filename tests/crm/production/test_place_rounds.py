"""Eight processes on PostgreSQL at one moment: the last place of a freezer, one pallet for two
shockers, one place of a station, and one task go to one of them; every other is told to whom."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.bridge.tasks import DjangoTasks
from crm.catalogue.models import Freezer
from crm.ledger.models import Lot
from crm.people.models import Person
from crm.production.models import FreezerLoad, Pallet, Place, RawBatch
from crm.production.operations.make_pallet import pallet_of_mix
from engine.model.text import Text
from engine.model.work import Receivers, TaskWanted
from tests.crm.production.acts import claim, cross, freeze, load, take
from tests.crm.production.orders import fire, line, planned
from tests.crm.production.pallets import now, who
from tests.crm.production.stock import batch_in_stock
from tests.rounds import COUNT, Done, Writers
from tests.seeded import seed
from tests.sizes import sizes

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = sizes().rounds
FEW = sizes().examples(20)
LOADS = 10 * ROUNDS // COUNT if sizes().full else ROUNDS  # each by eight: ten times as many loads
kg = Decimal


@pytest.fixture
def carcass(writers: Writers) -> RawBatch:
    seed()
    return batch_in_stock("carcass", kg(40_000), condition="chilled")


def test_of_eight_who_load_the_last_place_of_a_freezer_one_does_and_is_named_to_the_others(
    writers: Writers, carcass: RawBatch
) -> None:
    order = planned([line("800", carcass)], COUNT)
    mixes = list(order.mixes.order_by("index"))
    freezer = Freezer.objects.get(kind="plate", number=1)
    for _ in range(LOADS):
        done = writers.round(load, [(mix.pk, freezer.pk) for mix in mixes])
        [at] = [at for at, one in enumerate(done) if one.result]
        losers = {one.refused for one in done if not one.result}
        assert losers == {f"№ 1 уже занят: замес {mixes[at]}"}
        [stands] = FreezerLoad.objects.filter(state="freezing")
        assert (stands.mix, stands.pk) == (mixes[at], done[at].result)
        fire(stands, "void", reason="проверка", who="production_office")
    assert FreezerLoad.objects.count() == LOADS
    assert not Place.objects.filter(record="freezer_load").exists()


def test_of_eight_who_load_the_last_place_of_a_shocker_one_does_and_is_named_to_the_others(
    writers: Writers, carcass: RawBatch
) -> None:
    pallets = open_pallets(COUNT + 2)
    shocker = Freezer.objects.get(kind="shock", number=1)
    shocker.capacity = 3
    shocker.save()
    standing = [freeze((pallet.pk, shocker.pk)) for pallet in pallets[COUNT:]]
    for _ in range(ROUNDS):
        done = writers.round(freeze, [(pallet.pk, shocker.pk) for pallet in pallets[:COUNT]])
        [at] = [at for at, one in enumerate(done) if one.result]
        losers = {one.refused for one in done if not one.result}
        assert losers == {
            f"В шокере № 1 мест больше нет, последним встал паллет {pallets[at].number}"
        }
        inside = FreezerLoad.objects.filter(state="freezing").exclude(pk__in=standing)
        assert [(one.pk, one.pallet_id) for one in inside] == [(done[at].result, pallets[at].pk)]
        assert Pallet.objects.filter(state="freezing").count() == len(standing) + 1
        fire(inside.get(), "void", reason="проверка", who="production_office")
    assert Place.objects.filter(record="freezer_load").count() == len(standing)


def test_of_eight_who_load_one_pallet_into_two_shockers_one_does_and_the_others_read_where(
    writers: Writers, carcass: RawBatch
) -> None:
    (pallet,) = open_pallets(1)
    shockers = list(Freezer.objects.filter(kind="shock").order_by("number")[:2])
    won: Counter[int] = Counter()
    for turn in range(ROUNDS):  # one process may come first for long
        acts = [(pallet.pk, shockers[(at + turn) % 2].pk) for at in range(COUNT)]
        done = writers.round(freeze, acts)
        [made] = [one.result for one in done if one.result]
        [stands] = FreezerLoad.objects.filter(state="freezing")
        assert (stands.pk, stands.pallet_id) == (made, pallet.pk)
        losers = {one.refused for one in done if not one.result}
        assert losers == {
            f"Паллет {pallet.number} уже стоит: {stands.freezer}, поставил(а) {stands.created_by},"
            f" {timezone.localtime(stands.created_at):%H:%M}"
        }
        won[stands.freezer.number] += 1
        fire(stands, "void", reason="проверка", who="production_office")
    assert {*won} == {1, 2}, won
    assert not Place.objects.filter(record="freezer_load").exists()


def open_pallets(count: int) -> list[Pallet]:
    """Return pallets of mixes that wait for a shocker."""
    order = planned([line("800", RawBatch.objects.get())], count)
    found = []
    for at, mix in enumerate(order.mixes.order_by("index"), 1):
        pallet = pallet_of_mix(who("packer"), mix, at, now())
        Pallet.objects.filter(pk=pallet.pk).update(state="open")
        found.append(pallet)
    return found


def test_of_eight_who_take_one_place_one_has_it_and_is_named_to_the_others(
    writers: Writers,
) -> None:
    for number in range(ROUNDS):
        records = [f"{number}{at}" for at in range(COUNT)]
        done = writers.round(take, [("press_line_1", record) for record in records])
        [at] = [at for at, one in enumerate(done) if one.result]
        assert {one.refused for one in done if not one.result} == {
            f"Пресс линии 1: мест больше нет, занято: замес {records[at]}"
        }
        assert Place.objects.filter(resource="press_line_1").delete()[0] == 1


def test_of_eight_who_claim_one_task_one_has_it_and_is_named_to_the_others(
    writers: Writers,
) -> None:
    seed()
    people = list(Person.objects.active().order_by("pk")[:COUNT])
    won: Counter[str] = Counter()
    for number in range(ROUNDS):
        wanted = TaskWanted("check", "mix", f"{number}", "Проверка", Text(), Receivers(("lab",)))
        task = DjangoTasks().create(wanted, timezone.localtime())
        people = [*people[1:], people[0]]  # one process may come first for long
        done = writers.round(claim, [(task.id, person.pk) for person in people])
        [winner] = [one.result for one in done if one.result]
        losers = {one.refused.rpartition(",")[0] for one in done if not one.result}
        assert losers == {f"Взял(а): {winner}"}
        kept = DjangoTasks().get(task.id)
        assert kept is not None
        assert (kept.state, kept.by) == ("claimed", winner)
        won[winner] += 1
    assert len(won) > 1, f"one always came first: {won}"


def test_who_come_from_both_ends_all_get_through(writers: Writers) -> None:
    """Every round has a deadlock: half lock one lot first, half the other."""
    for _ in range(FEW):
        lots = [Lot.objects.create(kind="raw_batch").pk for _ in range(COUNT)]
        pairs = list(zip(lots[::2], lots[1::2], strict=True))
        ways = [way for one, other in pairs for way in ((one, other), (other, one))]
        assert writers.round(cross, ways) == [Done("crossed")] * COUNT
