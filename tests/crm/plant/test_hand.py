"""What a worker does at his phone, one thing after another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from crm.plant.crew import crew
from crm.plant.hand import Errand, Hand
from crm.plant.slips import Slips
from crm.plant.talker import Talker
from crm.production.models import Blank, MincedOrder
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return START


def hand(talker: Talker, role: str, title: str, seed_of: int = 1) -> Hand:
    """Give somebody of a role an errand and let him do it to the end of its form."""
    worker = next(one for one in crew() if role in one.roles)
    found = Hand(talker, worker, Random(seed_of), Slips(0))
    found.errands.append(Errand(START, (title,)))
    for _ in range(120):
        talker.clock.move(max(found.act(talker.clock.now()), timedelta(seconds=1)))
        if not found.errands and not found.busy():
            break
    return found


def test_who_finds_nothing_for_one_more_row_ends_the_list_without_it(talker: Talker) -> None:
    batch_in_stock("carcass", Decimal("5000"))
    done = hand(talker, "technologist", "Новая заготовка")
    assert done.gave_up == 0
    assert Blank.objects.get().items.count() == 1


def test_an_order_is_planned_of_chilled_raw_when_there_is_no_blank(talker: Talker) -> None:
    batch_in_stock("neck", Decimal("4000"), condition="chilled")
    for number in range(3):
        done = hand(talker, "technologist", "Новый фарш", number)
        assert done.gave_up == 0
        if MincedOrder.objects.exists():
            return
    raise AssertionError("no order")
