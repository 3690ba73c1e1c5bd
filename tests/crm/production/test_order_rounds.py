"""Eight processes on PostgreSQL at one moment: a mix is closed once, an order is divided to the
gram, every mix is issued once, no remainder is put on two pallets, every loser is told."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from crm.bridge.program import program
from crm.bridge.standing import verify_work
from crm.ledger.models import Balance, Edge, Event, StateHistory
from crm.ledger.verify import verify
from crm.production.models import MincedOrder, Mix, MixUse, PalletItem, Place, RawBatch
from tests.crm.production.acts import (
    discharge,
    discharge_or_cancel,
    dispatch,
    finish_unpacking,
    hold_or_issue,
    take_from_remainder,
)
from tests.crm.production.orders import fire, line, new_order, planned, rework
from tests.crm.production.stock import batch_in_stock
from tests.rounds import COUNT, Writers
from tests.seeded import seed
from tests.sizes import sizes

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = sizes().rounds
FEW = sizes().examples(5)
PAUSES_S = (-0.02, 0.0, 0.1)  # of those who discharge; below zero, of those who cancel
LONGER_S = (-5.0, 5.0)  # on a machine so busy that one of the two always came first
kg = Decimal


@pytest.fixture
def carcass(writers: Writers) -> RawBatch:
    seed()
    return batch_in_stock("carcass", kg(40_000), condition="chilled")


def test_of_eight_who_close_one_mix_one_does_and_it_is_written_off_once(
    writers: Writers, carcass: RawBatch
) -> None:
    for _ in range(ROUNDS):
        order = planned([line("10", carcass)], 1)
        mix = order.mixes.get()
        done = writers.round(discharge, [mix.pk] * COUNT)
        assert sorted(one.result or "" for one in done) == [""] * (COUNT - 1) + ["discharged"]
        losers = {one.refused for one in done if one.refused}
        assert all(str(mix) in text or "Уже сделано" in text for text in losers), losers
        assert MixUse.objects.get(mix=mix).kg == kg(10)
    assert Event.objects.filter(kind="discharge").count() == ROUNDS
    assert (
        Balance.objects.get(lot=carcass.lot, account="raw_store").physical == 40_000 - 10 * ROUNDS
    )
    assert [found for found in verify() if found.count] == []


def test_eight_mixes_that_leave_at_once_take_their_order_to_the_gram(
    writers: Writers, carcass: RawBatch
) -> None:
    for _ in range(FEW):
        order = planned([line("100.003", carcass)], COUNT)
        mixes = list(order.mixes.values_list("pk", flat=True))
        done = writers.round(discharge, mixes)
        assert [one.refused for one in done] == [""] * COUNT
        taken = list(MixUse.objects.filter(mix__order=order).values_list("kg", flat=True))
        assert (sum(taken), len(taken)) == (kg("100.003"), COUNT)
        assert max(taken) - min(taken) <= kg("0.001")
    assert Edge.objects.filter(kind=Edge.Kind.MADE).count() == FEW * COUNT


def test_an_order_is_cancelled_or_its_mixes_leave_the_mixer_and_never_both(
    writers: Writers, carcass: RawBatch
) -> None:
    first: Counter[str] = Counter()
    for number, pause_s in enumerate((*PAUSES_S * FEW, *LONGER_S)):
        if pause_s in LONGER_S and len(first) == 2:
            break
        order = planned([line("30", carcass)], 3)
        MincedOrder.objects.filter(pk=order.pk).update(state=MincedOrder.State.ACTIVE)
        mixes = list(order.mixes.values_list("pk", flat=True))
        acts = [("discharge", mix, max(pause_s, 0.0)) for mix in mixes]
        acts.append(("cancel", order.pk, max(-pause_s, 0.0)))
        turn = number % len(acts)
        done = writers.round(discharge_or_cancel, (acts[turn:] + acts[:turn]) * 2)
        order.refresh_from_db()
        states = Counter(Mix.objects.filter(pk__in=mixes).values_list("state", flat=True))
        cancelled = order.state == MincedOrder.State.CANCELLED
        assert states == Counter({"cancelled" if cancelled else "in_plate_freezer": 3})
        left = Event.objects.filter(kind="discharge", postings__order=order).distinct().count()
        assert left == (0 if cancelled else 3)
        results = Counter(one.result for one in done if one.result)
        assert results == Counter({"cancel": 1} if cancelled else {"discharged": 3})
        assert all(one.refused for one in done if not one.result)
        first["cancel" if cancelled else "discharge"] += 1
    assert len(first) == 2, f"one of the two always came first: {first}"
    assert not Balance.objects.filter(lot=carcass.lot, reserved__gt=0).exists()
    assert [found for found in (*verify(), *verify_work(program())) if found.count] == []


def test_dispatchers_at_once_issue_each_mix_once(writers: Writers, carcass: RawBatch) -> None:
    orders = [new_order([line("900", carcass)], 6, line_mode="both") for _ in range(2)]
    for order in orders:
        fire(order, "plan")
    for _ in range(FEW):
        writers.round(dispatch, [1] * COUNT)
        for mix in Mix.objects.filter(state="unpacking", line=1):
            writers.round(finish_unpacking, [mix.pk] * COUNT)
    issued = Counter(
        StateHistory.objects.filter(record="mix", transition="issue").values_list(
            "record_id", flat=True
        )
    )
    assert set(issued.values()) == {1}
    held = Counter(Place.objects.filter(record="mix").values_list("resource", flat=True))
    # Two wait before the press of line 1: no third one is unpacked until a place can be kept.
    assert held == {
        "press_line_1": 1, "buffer_line_1": 2, "unpack_line_2": 1, "buffer_line_2": 1,
    }  # fmt: skip
    assert len(issued) == 4


def test_a_mix_is_issued_before_what_it_is_made_of_is_held_or_not_at_all(writers: Writers) -> None:
    """Who holds looks at the same queue: no mix is issued behind his back (domain 5.12)."""
    seed()
    seen: Counter[str] = Counter()
    for pause_s in (0.0, 0.1, -0.1, *LONGER_S):
        if pause_s in LONGER_S and len(seen) == 2:
            break
        order = new_order([line("10", batch_in_stock("carcass", kg(10), condition="chilled"))], 1)
        Place.objects.create(
            resource="unpack_line_1", slot=1, record="mix", record_id="0", title="другой",
            lifecycle="mix", since=timezone.now(),
        )  # fmt: skip
        fire(order, "plan")
        mix = order.mixes.get()
        assert mix.state == "queued"
        Place.objects.all().delete()
        given = [("hold", mix.pk, pause_s)] + [("issue", mix.pk, pause_s)] * (COUNT - 1)
        stood = writers.round(hold_or_issue, given)[0].result
        mix.refresh_from_db()
        assert mix.state == stood
        seen[stood] += 1
        Mix.objects.update(state="cancelled")
        MincedOrder.objects.update(state="cancelled")
        Place.objects.all().delete()
    assert {*seen} == {"queued", "unpacking"}, seen


def test_of_eight_who_put_one_remainder_on_pallets_no_two_have_the_same_kilograms(
    writers: Writers,
) -> None:
    seed()
    for turn, net in enumerate(("1300", "1100")):  # 100 kg of the first are still there
        rework(net, turn + 1)
        numbers = range(1 + COUNT * turn, 1 + COUNT * (turn + 1))
        done = writers.round(take_from_remainder, [*numbers])
        assert [one.result for one in done if one.result] == ["accepted"] * 4, done
        losers = {one.refused for one in done if one.refused}
        assert losers == {f"На остатке {100 - 100 * turn},000 кг, столько нет"}
    laid = PalletItem.objects.aggregate(kg=Sum("kg"))["kg"]
    assert (laid, left_of("rework_store")) == (kg(2400), kg(2400))


def left_of(account: str) -> Decimal:
    rows = Balance.objects.filter(account=account).values_list("physical", flat=True)
    return sum(rows, Decimal(0))
