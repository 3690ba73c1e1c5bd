"""What was accepted without freezing is decided by the technologist (domain 4.37, 5.9)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm.bridge.program import program
from crm.bridge.standing import verify_work
from crm.ledger.models import StateHistory
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.models import Pallet
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.shippable import why_not
from crm.quality.models import Deviation
from crm.work.models import Task
from engine.errors import Refused
from tests.crm.production.orders import fire
from tests.crm.production.pallets import now, pet_food_out, weigh, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
CARD = "Паллет 9, 922,000 кг, принят без заморозки…"


@pytest.fixture
def taken(talker: Talker) -> Pallet:
    """Return a pallet that the storekeeper took before it was in a shocker."""
    pallet = pallet_of_mix(who(), pet_food_out(), 9, now())
    Pallet.objects.filter(pk=pallet.pk).update(state="open")
    weigh(pallet)
    fire(Pallet.objects.get(pk=pallet.pk), "accept", who="storekeeper")
    talker.deliver()
    return Pallet.objects.get(pk=pallet.pk)


def deviation() -> Deviation:
    return Deviation.objects.get(kind="not_frozen")


def undecided() -> int:
    *_, found = verify_work(program())
    return found.count


def test_the_technologist_is_asked_and_lets_it_go(talker: Talker, taken: Pallet) -> None:
    assert talker.phone("technologist").sees(CARD), talker.phone("technologist").described()
    talker.say("technologist", "[Допустить]")
    found = deviation()
    assert found.state == "approved"
    assert found.decided_by == Person.objects.get(telegram_id=talker.chat("technologist"))
    assert not Task.objects.waiting().filter(kind="not_frozen_decision").exists()
    assert not taken.lot.holds.exists()
    with pytest.raises(Refused, match="это уже решено"):
        fire(taken, "reject_not_frozen", "поздно передумал")


def test_what_he_does_not_let_go_is_held_and_shown(talker: Talker, taken: Pallet) -> None:
    talker.say("technologist", "[Заблокировать]", "внутри мягкий")
    assert (deviation().state, deviation().comment) == ("rejected", "внутри мягкий")
    assert [hold.kind for hold in taken.lot.holds.all()] == ["core_temp"]
    assert "внутри мягкий" in str(why_not(taken))
    assert talker.phone("storekeeper").sees("Заблокировано: паллет 9, …внутри мягкий")


def test_it_is_asked_again_in_a_shipment_and_ends_with_the_pallet(taken: Pallet) -> None:
    Pallet.objects.filter(pk=taken.pk).update(state="reserved")
    taken.refresh_from_db()
    fire(taken, "unreserve", who="shipping_clerk")
    assert Task.objects.waiting().filter(kind="not_frozen_decision").count() == 1
    taken.refresh_from_db()
    fire(taken, "remove", "записан дважды", who="production_office")
    assert deviation().state == "withdrawn"
    row = StateHistory.objects.get(record="deviation", to_state="withdrawn")
    assert row.reason == "записан дважды"


def test_a_deviation_that_nobody_is_asked_about_is_found(taken: Pallet) -> None:
    assert undecided() == 0
    Task.objects.waiting().filter(kind="not_frozen_decision").update(
        state="cancelled", ended_at=now()
    )
    assert undecided() == 1
