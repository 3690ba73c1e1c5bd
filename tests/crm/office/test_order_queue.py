"""«Изменить очередь» (domain 6.3, 11.2): the office says whose mixes enter a line first."""

from __future__ import annotations

import pytest

from crm.ledger.models import StateHistory
from crm.production.lines import before
from crm.production.models import MincedOrder
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import address, correct
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.pallets import kg
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
OFFICE = "Производственный отдел"


@pytest.fixture
def orders(seeded: None) -> tuple[MincedOrder, MincedOrder]:
    """Two orders of one line: both have mixes in the queue, the first one's stand before."""
    batch = batch_in_stock("carcass", kg(3000), ("17.00", "13.00", "67.00"), "chilled")
    made = [new_order([line("900", batch)], 4, recipe=12) for _ in range(2)]
    for order in made:
        fire(order, "plan")
    first, second = (MincedOrder.objects.get(pk=order.pk) for order in made)
    return first, second


def ahead(order: MincedOrder) -> MincedOrder | None:
    """Return the order that stands before the last mix of another."""
    return before(order.mixes.get(index=4), 1)


def test_an_order_that_is_moved_up_is_taken_before_the_one_that_stood_before_it(
    orders: tuple[MincedOrder, MincedOrder],
) -> None:
    first, second = orders
    assert (ahead(first), ahead(second)) == (None, first)
    running = list(first.mixes.exclude(state="queued").values_list("pk", "state"))
    seen = correct(member("one", OFFICE), second, "priority", "show", place="1")
    assert "Изменить очередь" in seen
    second.refresh_from_db()
    assert second.priority == 5
    assert "Применено" in correct(member("two", OFFICE), second, "priority", "apply", place="1")
    first, second = (MincedOrder.objects.get(pk=one.pk) for one in orders)
    assert (second.priority, ahead(first), ahead(second)) == (1, second, None)
    assert (
        list(first.mixes.filter(pk__in=[pk for pk, _ in running]).values_list("pk", "state"))
        == running
    )
    assert StateHistory.objects.get(transition="move_in_queue").reason == "ошибка в плане"


@pytest.mark.parametrize("place", ["0", "10", "", "5,5"])
def test_a_place_past_1_to_9_is_refused(
    orders: tuple[MincedOrder, MincedOrder], place: str
) -> None:
    correct(member("one", OFFICE), orders[0], "priority", "apply", place=place)
    orders[0].refresh_from_db()
    assert orders[0].priority == 5


def test_a_finished_order_has_no_place_and_who_plans_nothing_gives_none(
    orders: tuple[MincedOrder, MincedOrder],
) -> None:
    order = orders[0]
    other = member("one", "Отдел отгрузки")
    given = {"step": "apply", "reason": "ошибка в плане", "place": "1"}
    assert other.post(address(order, "priority"), given).status_code == 403
    MincedOrder.objects.filter(pk=order.pk).update(state="finished")
    correct(member("two", OFFICE), order, "priority", "apply", place="1")
    order.refresh_from_db()
    assert order.priority == 5
