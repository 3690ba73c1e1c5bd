"""A second-minced lot is used up when nothing of it is left, and stands where it was when
something comes back (domain 5.5)."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.production.models import Pallet, SecondMinced
from crm.production.operations.accept_without_origin import accept_without_origin
from crm.production.operations.make_pallet import make_pallet
from crm.production.operations.register_second_minced import register_second_minced
from crm.quality.models import Hold
from crm.quality.operations.release_hold import release_hold
from engine.model.conversation import Actor
from engine.ports import Context
from tests.crm.production.orders import fire, line, planned, rework
from tests.crm.production.pallets import by_hand, mix_out, now, shipped, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SYSTEM = Actor("", "Система", frozenset({"system"}))


@pytest.mark.parametrize(
    ("pallet_state", "state"),
    [("unloaded", "on_pallet"), ("cancelled", "registered"), (None, "registered")],
)
def test_a_reopened_lot_is_on_the_pallet_that_carries_it_or_on_the_rest(
    pallet_state: str | None, state: str
) -> None:
    mix_out()
    second = register_second_minced(
        who("freezer_storekeeper"), session=uuid4(), at=now(), kind=SecondMinced.Kind.MKO2,
        net=Decimal(727), produced_on=now().date(), key="t1",
    )  # fmt: skip
    if pallet_state is not None:
        made = make_pallet(who(), number=3, kind=Pallet.Kind.SECOND, lots=[second.lot], at=now())
        Pallet.objects.filter(pk=made.pk).update(state=pallet_state)
    SecondMinced.objects.filter(pk=second.pk).update(state="depleted")
    second.refresh_from_db()
    context = Context(SYSTEM, "", timezone.localtime())
    DjangoOperations(program()).fire(row_of(second), "reopen", context, "", {})
    second.refresh_from_db()
    assert second.state == state


def state_of(second: SecondMinced) -> str:
    second.refresh_from_db()
    return second.state


def test_a_lot_whose_kilograms_an_accepted_pallet_took_is_used_up_until_they_come_back() -> None:
    made = by_hand(accept_without_origin, "mko")
    second = SecondMinced.objects.get()
    assert state_of(second) == "on_pallet"
    fire(made, "accept", who="storekeeper")
    assert state_of(second) == "depleted"
    fire(made, "reopen", "взвесить заново", who="production_office")
    assert state_of(second) == "on_pallet"


def test_rework_that_was_shipped_is_used_up_and_what_comes_back_is_there_again() -> None:
    made = by_hand(accept_without_origin, "rework")
    fire(made, "accept", who="storekeeper")
    second = SecondMinced.objects.get()
    assert state_of(second) == "on_pallet"
    release_hold(who("technologist"), hold=Hold.objects.get(), reason="нашли заказ", at=now())
    made.refresh_from_db()
    shipped(made)
    assert state_of(second) == "depleted"
    made.refresh_from_db()
    fire(made, "take_back", "вернул покупатель", who="shipping_clerk")
    assert state_of(second) == "on_pallet"


def test_rework_that_a_mix_took_to_its_end_is_used_up_and_a_lot_with_a_rest_is_not() -> None:
    whole, part = rework("100", 1, age_days=1), rework("500", 2)
    mix = planned([line("300")], 1, recipe=17, line_mode="line_2").mixes.get()
    fire(mix, "discharge", who="mixer_line_1")
    assert (state_of(whole), state_of(part)) == ("depleted", "registered")
