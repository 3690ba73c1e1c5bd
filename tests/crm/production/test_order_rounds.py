"""Eight processes on PostgreSQL at one moment: a mix is closed once, an order is divided to the
gram, every mix is issued once, every loser is told."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from crm.ledger.models import Balance, Edge, Event, StateHistory
from crm.ledger.verify import verify
from crm.office.seed import seed
from crm.production.models import Mix, MixUse, Place, RawBatch
from tests.crm.production.acts import discharge, dispatch, finish_unpacking
from tests.crm.production.orders import fire, line, new_order, planned
from tests.crm.production.stock import batch_in_stock
from tests.rounds import COUNT, Writers
from tests.sizes import sizes

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = sizes().rounds
FEW = sizes().examples(5)
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
    assert Edge.objects.count() == FEW * COUNT


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
