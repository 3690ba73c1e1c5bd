"""What a mix takes when it leaves the mixer: exact to the gram, once, on every route."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.ledger.models import Balance, Edge, Event, Posting, Reservation
from crm.ledger.verify import verify
from crm.production.models import MincedOrder, Mix, MixUse
from crm.production.operations.undo_discharge import undo_discharge
from crm.production.operations.write_off_mix import write_off_mix
from engine.errors import Refused
from tests.crm.production.orders import line, planned, rework
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
kg = Decimal


def discharge(order: MincedOrder, index: int, state: str = "in_plate_freezer") -> Mix:
    """Write a mix off and let it leave the mixer, as its transition does."""
    mix = Mix.objects.select_related("order").get(order=order, index=index)
    write_off_mix(None, at=datetime.now(UTC), mix=mix)
    Mix.objects.filter(pk=mix.pk).update(state=state)
    return Mix.objects.get(pk=mix.pk)


def uses(mix: Mix) -> list[Decimal]:
    return list(mix.uses.filter(undone_by=None).order_by("pk").values_list("kg", flat=True))


def test_the_golden_order_is_written_off_to_the_gram_and_consumes_its_reservation() -> None:
    carcass = batch_in_stock("carcass", kg(5200), condition="chilled")
    neck = batch_in_stock("neck", kg(1300), condition="chilled")
    order = planned([line("5200", carcass), line("1300", neck)], 6)
    taken = [uses(discharge(order, index)) for index in range(1, 7)]
    assert taken == [[kg("866.666"), kg("216.666")]] * 2 + [[kg("866.667"), kg("216.667")]] * 4
    assert not Reservation.objects.exists()
    stored = Balance.objects.filter(account="raw_store").values_list("physical", "reserved")
    assert {*stored} == {(kg(0), kg(0))}
    lines = Posting.objects.filter(account="process", order=order)
    assert sum(one.kg for one in lines) == kg(6500)
    assert {one.mix.index for one in lines if one.mix} == {1, 2, 3, 4, 5, 6}


def test_a_mix_comes_to_be_with_its_genealogy_once() -> None:
    batch = batch_in_stock("carcass", kg(100), condition="chilled")
    order = planned([line("100", batch)], 1)
    mix = discharge(order, 1)
    write_off_mix(None, at=datetime.now(UTC), mix=mix)
    assert mix.lot.born is not None
    edge = Edge.objects.get(child=mix.lot)
    assert (edge.parent_id, edge.kg, edge.kind) == (batch.lot_id, kg(100), "made")
    assert Event.objects.filter(kind="discharge").count() == 1
    assert mix.produced_at == START


def test_thirty_kilograms_of_second_minced_over_three_mixes_are_ten_each() -> None:
    rework("30")
    order = planned([line("30")], 3, recipe=17, line_mode="line_2")
    assert order.route == "shock"
    assert [uses(discharge(order, index, "on_pallets")) for index in (1, 2, 3)] == [[kg(10)]] * 3
    assert Balance.objects.get(account="rework_store").physical == 0


def test_two_lots_of_rework_are_drawn_oldest_first_and_the_generation_is_stored() -> None:
    rework("50", number=2)
    rework("30", age_days=1)
    order = planned([line("60")], 3, recipe=17, line_mode="line_1")
    taken = [discharge(order, index) for index in (1, 2, 3)]
    assert [uses(mix) for mix in taken] == [[kg(20)], [kg(10), kg(10)], [kg(20)]]
    assert {mix.rework_gen for mix in taken} == {2}
    assert {edge.kind for edge in Edge.objects.filter(child=taken[1].lot)} == {
        "rework",
        "carry_over",
    }


def test_an_undone_discharge_gives_back_and_reserves_what_was_taken() -> None:
    batch = batch_in_stock("carcass", kg(100), condition="chilled")
    order = planned([line("90", batch)], 3)
    mix = discharge(order, 1)
    undo_discharge(None, at=datetime.now(UTC), mix=mix, reason="не тот плиточник")
    Mix.objects.filter(pk=mix.pk).update(state="ready_to_discharge")
    balance = Balance.objects.get(lot=batch.lot, account="raw_store")
    assert (balance.physical, balance.reserved) == (kg(100), kg(90))
    mix = Mix.objects.get(pk=mix.pk)
    assert (mix.lot.born, uses(mix)) == (None, [])
    assert [uses(discharge(order, index)) for index in (2, 1, 3)] == [[kg(30)]] * 3
    assert not [found for found in verify() if found.count]


def test_a_mix_of_a_used_up_order_is_refused_with_what_to_do() -> None:
    batch = batch_in_stock("carcass", kg(100), condition="chilled")
    order = planned([line("100", batch)], 2)
    discharge(order, 1)
    order.items.update(kg_planned=kg(50))
    with pytest.raises(Refused, match="нечего списывать"):
        discharge(order, 2)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(data=st.data())
def test_whatever_happens_to_its_mixes_the_plan_is_taken_to_the_gram(data: st.DataObject) -> None:
    with transaction.atomic():
        grams = data.draw(st.lists(st.integers(1, 3_000_000), min_size=1, max_size=3))
        batches = [
            (batch_in_stock("carcass", kg(one) / 1000, condition="chilled"), kg(one) / 1000)
            for one in grams
        ]
        order = planned(
            [line(mass, batch) for batch, mass in batches], data.draw(st.integers(1, 5))
        )
        while left := list(order.mixes.exclude(state__in=["cancelled", "in_plate_freezer"])):
            out = list(order.mixes.filter(state="in_plate_freezer"))
            what = data.draw(st.sampled_from(["discharge", "discharge", "cancel", "undo"]))
            if what == "undo" and out and order.mixes.count() < 20:
                mix = data.draw(st.sampled_from(out))
                undo_discharge(None, at=datetime.now(UTC), mix=mix, reason="ошибка")
                Mix.objects.filter(pk=mix.pk).update(state="ready_to_discharge")
            elif what == "cancel" and len(left) > 1:
                Mix.objects.filter(pk=left[-1].pk).update(state="cancelled")
            elif what == "discharge":
                try:
                    discharge(order, data.draw(st.sampled_from(left)).index)
                except Refused:  # less than a gram for each: it is cancelled, as it says
                    Mix.objects.filter(pk=left[0].pk).update(state="cancelled")
        for batch, mass in batches:
            taken = MixUse.objects.filter(lot=batch.lot, undone_by=None)
            assert sum(use.kg for use in taken) == mass
        assert not Reservation.objects.exists()
        transaction.set_rollback(True)
