"""Eight processes on PostgreSQL at one moment, round after round: nothing is drawn or planned
twice, no hold is lost, and every loser is told why."""

from __future__ import annotations

from collections import Counter

import pytest

from crm.ledger.models import Account, Balance
from crm.ledger.verify import verify
from tests.crm.ledger.acts import draw, hold_or_release, reserve_one
from tests.crm.ledger.genealogy import receive
from tests.rounds import COUNT, Writers
from tests.sizes import sizes

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = sizes().rounds
LOST = "Осталось 0,000 кг, нужно 1,000 кг"


def test_of_eight_who_draw_the_last_kilogram_one_has_it(writers: Writers) -> None:
    for _ in range(ROUNDS):
        lot = receive("1")
        done = writers.round(draw, [lot.pk] * COUNT)
        assert Counter(one.refused for one in done) == {"": 1, LOST: COUNT - 1}
    assert set(Balance.objects.filter(account=Account.RAW_STORE).values_list("physical")) == {(0,)}
    assert [found for found in verify() if found.count] == []


def test_of_eight_who_plan_the_last_kilogram_one_has_it(writers: Writers) -> None:
    for number in range(ROUNDS):
        lot = receive("1")
        lines = range(COUNT * number, COUNT * (number + 1))
        done = writers.round(reserve_one, [(lot.pk, line) for line in lines])
        assert Counter(one.refused for one in done) == {"": 1, LOST: COUNT - 1}
        balance = Balance.objects.get(lot=lot, account=Account.RAW_STORE)
        assert balance.reserved == balance.physical == 1


def test_who_holds_while_another_releases_has_a_hold_all_the_same(writers: Writers) -> None:
    for number in range(ROUNDS):
        lot = receive("1")
        hold_or_release(("hold", lot.pk))
        acts = ["release" if one == number % COUNT else "hold" for one in range(COUNT)]
        done = writers.round(hold_or_release, [(act, lot.pk) for act in acts])
        assert {one.result for one in done} == {str(lot.pk)}
