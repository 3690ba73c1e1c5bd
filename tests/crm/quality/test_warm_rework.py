"""A store that was too warm, and the pallets of вторфарш in it: the books keep what is on them
under its own lots."""

from __future__ import annotations

import pytest

from crm.plant.talker import Talker
from crm.production.models import Pallet
from crm.production.operations.accept_from_remainder import accept_from_remainder
from crm.production.operations.write_off_mix import write_off_mix
from crm.quality.models import Hold
from tests.crm.production.orders import fire, line, planned, rework
from tests.crm.production.pallets import by_hand, now, shipped
from tests.crm.quality.test_checks import opened, read

pytestmark = pytest.mark.django_db


def held() -> set[int]:
    return set(Hold.objects.filter(kind="core_temp").values_list("lot", flat=True))


def test_a_warm_store_holds_pallets_of_rework_with_what_is_on_them_also_what_left_meanwhile(
    talker: Talker,
) -> None:
    lots, pallets = [], []
    for number in (1, 2, 3):
        lots.append(rework("300", number))
        made = by_hand(accept_from_remainder, "rework", 70 + number)
        fire(made, "accept", who="storekeeper")
        pallets.append(Pallet.objects.get(pk=made.pk))
    before, left, stays = pallets
    shipped(before)
    talker.after(minutes=5)
    read(opened("store_temperature"), "-10")
    talker.after(minutes=10)
    shipped(left)
    talker.after(minutes=15)
    read(opened("store_temperature"), "-10")
    assert held() == {left.lot_id, stays.lot_id, lots[1].lot_id, lots[2].lot_id}


def test_what_production_took_of_a_pallet_before_is_not_held_for_a_store_that_is_warm_now(
    talker: Talker,
) -> None:
    second = rework("300")
    made = by_hand(accept_from_remainder, "rework")
    fire(made, "accept", who="storekeeper")
    mix = planned([line("300")], 1, recipe=17).mixes.get()
    write_off_mix(None, at=now(), mix=mix)
    talker.after(minutes=5)
    read(opened("store_temperature"), "-10")
    talker.after(minutes=25)
    read(opened("store_temperature"), "-10")
    assert not held()
    other = rework("300", 2)
    later = by_hand(accept_from_remainder, "rework", 78)
    fire(later, "accept", who="storekeeper")
    mix = planned([line("300")], 1, recipe=17).mixes.get()
    write_off_mix(None, at=now(), mix=mix)
    talker.after(minutes=25)
    read(opened("store_temperature"), "-10")
    assert {later.lot_id, other.lot_id, mix.lot_id} <= held()
    assert not held() & {made.lot_id, second.lot_id}
