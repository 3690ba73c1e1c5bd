"""What stands in a freezer is moved into another one (domain 5.6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.catalogue.models import Freezer
from crm.people.models import Person
from crm.production.lots import Named
from crm.production.models import FreezerLoad, Mix, Pallet, Place
from crm.production.operations.load_freezer import load_freezer
from crm.production.operations.load_plate_freezer import load_plate_freezer
from crm.production.operations.load_shocker import load_shocker
from crm.production.operations.make_pallet import pallet_of_mix
from crm.quality.models import LimitVersion
from crm.quality.operations.place_hold import place_hold
from crm.work.models import Task
from engine.errors import Refused
from engine.languages.message import Message
from tests.crm.production.acts import freeze
from tests.crm.production.orders import fire, line, planned
from tests.crm.production.pallets import mix_out, weigh
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
kg = Decimal


def mixes(count: int) -> list[Mix]:
    """Return mixes that are ready to leave the mixer of line 1."""
    batch = batch_in_stock("carcass", kg(1000 * count), condition="chilled")
    return list(planned([line(str(1000 * count), batch)], count).mixes.order_by("index"))


def freezer(kind: str, number: int) -> Freezer:
    return Freezer.objects.get(kind=kind, number=number)


def loaded(mix: Mix, number: int) -> FreezerLoad:
    load = load_plate_freezer(someone(), at=timezone.localtime(), mix=mix, freezer=plate(number))
    fire(load, "load", who="mixer_line_1")
    return FreezerLoad.objects.get(pk=load.pk)


def plate(number: int) -> Freezer:
    return freezer("plate", number)


def someone() -> Person:
    return Person.objects.holding("freezer_storekeeper").earliest("id")


def move(load: FreezerLoad, to: Freezer) -> FreezerLoad:
    fire(load, "move", "сломалась дверь", who="shift_lead", freezer=row_of(to))
    return FreezerLoad.objects.get(pk=load.pk)


def test_a_load_is_moved_with_its_place_and_is_due_when_it_was() -> None:
    (mix,) = mixes(1)
    load = loaded(mix, 1)
    moved = move(load, plate(3))
    assert (moved.freezer, moved.state, moved.due_at) == (plate(3), "freezing", load.due_at)
    held = Place.objects.filter(record="freezer_load").values_list("resource", flat=True)
    assert [*held] == ["plate_freezers/3"]


@pytest.mark.parametrize(
    ("kind", "number", "why"),
    [
        ("plate", 2, "Плиточник 2 — занято"),
        ("plate", 8, "не этой линии"),
        ("shock", 1, "не этой линии"),
        ("plate", 1, "Уже стоит: Плиточник 1"),
        ("plate", 4, "не действует"),
    ],
)
def test_a_load_is_not_moved_where_it_may_not_stand(kind: str, number: int, why: str) -> None:
    first, second = mixes(2)
    load = loaded(first, 1)
    loaded(second, 2)
    Freezer.objects.filter(kind="plate", number=4).update(active=False)
    with pytest.raises(Refused, match=why):
        move(load, freezer(kind, number))
    assert FreezerLoad.objects.get(pk=load.pk).freezer == plate(1)


def test_a_pallet_that_is_moved_takes_the_lowest_free_place_of_the_other_shocker() -> None:
    now, loads = timezone.localtime(), []
    for number, (mix, shocker) in enumerate(zip(mixes(3), (2, 2, 1), strict=True), 1):
        made = pallet_of_mix(someone(), mix, number, now)
        Pallet.objects.filter(pk=made.pk).update(state="open")
        pallet = Pallet.objects.get(pk=made.pk)
        load = load_shocker(
            someone(), at=now, pallet=pallet, freezer=freezer("shock", shocker),
            pallet_weight=kg(20), gross=kg(500), box_count=20, net=kg(448),
        )  # fmt: skip
        fire(load, "load", who="freezer_storekeeper")
        loads.append(FreezerLoad.objects.get(pk=load.pk))
    moved = move(loads[2], freezer("shock", 2))
    assert (moved.freezer, moved.slot) == (freezer("shock", 2), 3)
    with pytest.raises(Refused, match="Паллет морозят в шокере"):
        move(moved, plate(5))


def test_a_pallet_whose_load_is_void_waits_for_a_shocker_as_before() -> None:
    """It stayed in the shocker for ever: no load to take out, and no way to load it again."""
    pallet = pallet_of_mix(someone(), mixes(1)[0], 7, timezone.localtime())
    Pallet.objects.filter(pk=pallet.pk).update(state="open")
    load = FreezerLoad.objects.get(pk=freeze((pallet.pk, freezer("shock", 1).pk)))
    fire(load, "void", "поставили другой паллет", who="shift_lead")
    pallet.refresh_from_db()
    assert (pallet.state, pallet.net_expected) == ("open", kg(500))
    assert Task.objects.get(kind="load_shock", state="open").subject_id == str(pallet.pk)
    assert not Place.objects.filter(record="freezer_load").exists()
    again = FreezerLoad.objects.get(pk=freeze((pallet.pk, freezer("shock", 2).pk)))
    with pytest.raises(Refused) as told:
        freeze((pallet.pk, freezer("shock", 1).pk))
    when = f"{timezone.localtime(again.created_at):%H:%M}"
    assert str(told.value) == f"Паллет 7 уже стоит: Шокер 2, поставил(а) {again.created_by}, {when}"


@pytest.mark.parametrize("what", ["mix", "pallet"])
def test_what_is_held_is_not_frozen_nor_palletized(what: str) -> None:
    mix = mix_out()
    Mix.objects.filter(pk=mix.pk).update(state="ready_to_discharge", line=1)
    mix.refresh_from_db()
    at = timezone.localtime()
    pallet = pallet_of_mix(someone(), mix, 7, at)
    held = {"mix": mix.lot, "pallet": pallet.lot}[what]
    place_hold(None, lot=held, kind="recall", reason="проверка отзыва", at=at)
    with pytest.raises(Refused, match=r"заблокировано\. Отзыв: проверка отзыва"):
        load_freezer(someone(), freezer=freezer("shock", 1), at=at, pallet=pallet)
    with pytest.raises(Refused, match=r"заблокировано\. Отзыв"):
        weigh(pallet)
    if what == "mix":
        with pytest.raises(Refused, match=r"заблокировано\. Отзыв"):
            load_plate_freezer(someone(), at=at, mix=mix, freezer=plate(1))
    assert not FreezerLoad.objects.exists()


def test_best_before_goes_by_the_limit_that_holds_when_a_pallet_is_weighed() -> None:
    first = pallet_of_mix(someone(), mix_out(), 7, timezone.localtime())
    weigh(first)
    LimitVersion.objects.create(
        name="best_before", most=60, version=2, since=timezone.now(), source="приказ", position=1
    )
    second = pallet_of_mix(someone(), mix_out(), 8, timezone.localtime())
    weigh(second)
    days = [(one.best_before - one.production_day).days for one in (first, second)]  # type: ignore[operator]
    assert days == [90, 60]


def test_a_freezer_and_a_lot_are_called_in_the_language_of_who_reads() -> None:
    day = date(2026, 11, 22)
    lot = Named(1, "pallet", "7", "in_stock", "На складе", day)
    told = Message("{place}: {what}", {"place": plate(3).said, "what": lot.among(2026)})
    assert told == "Плиточник 3: Паллет 7 от 22.11.2026"
    assert program().languages.say(told, "en") == "Plate freezer 3: Pallet 7 of 22.11.2026"
