"""The way out of a mix that its analysis blocked: released with a reason, it ships (domain 5.4)."""

from __future__ import annotations

import pytest

from crm.ledger.models import StateHistory
from crm.plant.talker import Talker
from crm.production.models import Mix, Pallet
from crm.production.operations.convert_pallet import convert_pallet
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.shippable import why_not
from crm.quality.models import Hold
from crm.quality.operations.place_hold import place_hold
from engine.errors import Refused
from tests.crm.production.orders import fire
from tests.crm.production.pallets import mix_out, now, shipped, stocked, weigh, who

pytestmark = pytest.mark.django_db
WHY, RELEASED = "жир 25,00", "договор с заказчиком"


def blocked() -> Pallet:
    """Return a pallet in the store of a mix that the technologist blocked."""
    pallet = stocked(7)
    mix = Mix.objects.get()
    Mix.objects.update(quality=Mix.Quality.BLOCKED)
    place_hold(who("technologist"), lot=mix.lot, kind="fhp", reason=WHY, at=now())
    assert "Заблокирован" in str(why_not(pallet))
    return pallet


def release(talker: Talker, what: str) -> None:
    talker.say("technologist", "/start", "[Блокировки]", "[Снять]", what, RELEASED, "[Снять]")


def test_a_blocked_mix_whose_hold_is_released_ships_with_a_deviation(talker: Talker) -> None:
    pallet = blocked()
    release(talker, "[Замес…]")
    assert why_not(pallet) is None, str(why_not(pallet))
    assert Mix.objects.get().quality == Mix.Quality.PASSED_WITH_DEVIATION
    kept = StateHistory.objects.get(record="mix", transition="release_blocked")
    assert kept.by is not None
    assert (kept.reason, kept.by.telegram_id) == (RELEASED, talker.chat("technologist"))
    told = [one.text for one in talker.phone("storekeeper").messages() if "Снята" in one.text]
    assert len(told) == 1
    shipped(pallet)
    pallet.refresh_from_db()
    assert pallet.state == "shipped"


def test_a_pallet_that_took_over_the_hold_of_its_mix_ships_when_it_is_released(
    talker: Talker,
) -> None:
    mix = mix_out()
    first = pallet_of_mix(who(), mix, 8, now())
    weigh(first, "500")
    first.refresh_from_db()
    pallet = stocked(7, "540", mix)
    Mix.objects.update(quality=Mix.Quality.BLOCKED)
    place_hold(who("technologist"), lot=mix.lot, kind="fhp", reason=WHY, at=now())
    convert_pallet(who("technologist"), at=now(), pallet=first, reason="в переработку")
    assert Hold.objects.get(released_at=None).lot_id == pallet.lot_id
    release(talker, "[Паллет 7…]")
    assert why_not(pallet) is None, str(why_not(pallet))


def test_a_pallet_alone_that_is_released_leaves_its_mix_blocked(talker: Talker) -> None:
    pallet = blocked()
    place_hold(who("technologist"), lot=pallet.lot, kind="fhp", reason="сам паллет", at=now())
    release(talker, "[Паллет 7…]")
    assert Mix.objects.get().quality == Mix.Quality.BLOCKED
    assert "Заблокирован" in str(why_not(pallet))


def test_a_mix_that_nobody_blocked_keeps_its_quality_and_is_not_released(talker: Talker) -> None:
    stocked(7)
    mix = Mix.objects.get()
    place_hold(who("technologist"), lot=mix.lot, kind="fhp", reason=WHY, at=now())
    release(talker, "[Замес…]")
    mix.refresh_from_db()
    assert mix.quality == Mix.Quality.PASSED
    with pytest.raises(Refused, match="Замес не заблокирован по ФХП"):
        fire(mix, "release_blocked", RELEASED)
