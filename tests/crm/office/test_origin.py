"""«Указать происхождение» (domain 4.37, 11.4): what was accepted by hand is tied to an order."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db.models import Q
from django.utils import timezone

from crm.ledger.models import Balance, Edge, Event, Lot, Posting
from crm.ledger.verify import verify
from crm.production.models import MincedOrder, Mix, MixUse, Pallet, SecondMinced
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.accept_without_origin import accept_without_origin
from crm.production.operations.hold_without_origin import hold_without_origin
from crm.quality.models import Hold
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import address, correct
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import kg, mix_out, now, out, pet_food_out, photo, who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
OFFICE = "Производственный отдел"


def by_hand(kind: str, produced_on: date | None = None) -> Lot:
    """Accept 300 kg by hand; return what is on the pallet, held without origin."""
    pallet = accept_without_origin(
        who(), session=uuid4(), at=now(), kind=kind, produced_on=produced_on or now().date(),
        pallet_number=77, block_count=40, gross=kg("340.5"), pallet_weight=kg("22"),
        packaging_weight=kg("18.5"), photos=[photo()], net=kg("300"),
    )  # fmt: skip
    accept_pallet(who(), at=now(), pallet=pallet)
    Pallet.objects.filter(pk=pallet.pk).update(state="in_stock")
    lot = pallet.items.get().lot
    if kind == "pet_food":
        Mix.objects.filter(lot=lot).update(state="on_pallets")
        hold_without_origin(who(), at=now(), mix=lot.mix)
    return lot


def order_of(mix: Mix) -> MincedOrder:
    assert mix.order is not None
    return mix.order


def of_two() -> MincedOrder:
    """An order whose mix took 750 kg of one batch and 250 kg of another."""
    first, second = (batch_in_stock("carcass", kg(1000), condition="chilled") for _ in range(2))
    order = planned([line("750", first), line("250", second)], 1)
    out(order.mixes.get())
    return order


@pytest.mark.parametrize(
    ("kind", "edge"), [("pet_food", "made"), ("mko", "rework"), ("rework", "rework")]
)
def test_a_lot_accepted_by_hand_has_the_raw_meat_of_its_order_and_is_free(
    kind: str, edge: str
) -> None:
    order = of_two()
    lot, client = by_hand(kind), member("one", OFFICE)
    seen = correct(client, lot.record, "link_origin", "show", order=order.number)
    assert "Партия сырья" in seen
    assert not Edge.objects.filter(child=lot).exists()
    done = correct(client, lot.record, "link_origin", "apply", order=order.number)
    assert "Применено: Указать происхождение: ошибка в плане" in done
    edges = Edge.objects.filter(child=lot).exclude(kind="carry_over").order_by("-kg")
    assert [(one.kg, one.kind, one.estimated) for one in edges] == [
        (kg(225), edge, True), (kg(75), edge, True)
    ]  # fmt: skip
    assert {one.parent for one in edges} == {item.lot for item in order.items.all()}
    hold = Hold.objects.get(lot=lot)
    assert (hold.kind, hold.release_reason) == ("no_origin", "ошибка в плане")
    assert str(hold.released_by) == str(Event.objects.get(kind="link_origin").by)
    assert [one for one in verify() if one.count] == []
    assert address(lot.record, "link_origin") not in _card(client, lot)


def _card(client: object, lot: Lot) -> str:
    assert hasattr(client, "get")
    text: str = client.get(address(lot.record, "change")).content.decode()
    return text


def test_its_kilograms_are_the_orders_and_nothing_of_the_stock_moves() -> None:
    order = order_of(mix_out())
    lot = by_hand("mko")
    before = list(Balance.objects.order_by("pk").values_list("pk", "physical"))
    correct(member("one", OFFICE), lot.record, "link_origin", "apply", order=order.number)
    assert list(Balance.objects.order_by("pk").values_list("pk", "physical")) == before
    line = Posting.objects.get(event__kind="link_origin", order=order)
    assert (line.account, line.kg) == ("process", -kg(300))


def test_of_rework_the_recipe_and_the_generation_become_known() -> None:
    order = order_of(pet_food_out(9))  # of вторфарш of the first generation
    lot = by_hand("rework")
    assert (lot.second_minced.rework_gen, lot.second_minced.source_order) == (1, None)
    correct(member("one", OFFICE), lot.record, "link_origin", "apply", order=order.number)
    second = SecondMinced.objects.get(lot=lot)
    assert (second.rework_gen, second.source_order) == (2, order)
    assert [one.pk for one in second.source_recipes.all()] == [order.recipe_id]


def test_an_order_whose_raw_meat_came_after_the_lot_is_refused_with_both_times() -> None:
    lot = by_hand("mko")
    order = order_of(mix_out())
    said = correct(member("one", OFFICE), lot.record, "link_origin", "apply", order=order.number)
    component = order.items.get().lot.record
    assert (
        f"Партия сырья {component} из партии {order} появилась {timezone.localdate():%d.%m.%Y}"
        in said
    )
    assert f"а {lot.record} уже {timezone.localdate():%d.%m.%Y} " in said
    assert Hold.objects.get(lot=lot).released_at is None
    assert not Edge.objects.filter(child=lot).exists()


def test_raw_meat_of_a_later_day_than_the_lot_is_of_is_refused_though_it_was_written_later() -> (
    None
):
    order = order_of(mix_out())
    yesterday = timezone.localdate() - timedelta(days=1)
    lot = by_hand("mko", yesterday)
    said = correct(member("one", OFFICE), lot.record, "link_origin", "apply", order=order.number)
    assert f"а {lot.record} уже {yesterday:%d.%m.%Y}. Это другая партия" in said
    assert Hold.objects.get(lot=lot).released_at is None


def test_an_order_that_gave_nothing_and_one_that_is_not_there_are_refused() -> None:
    batch = batch_in_stock("carcass", kg(500), condition="chilled")
    order, lot, client = planned([line("500", batch)], 1), by_hand("mko"), member("one", OFFICE)
    assert "ещё ничего не вышло" in correct(
        client, lot.record, "link_origin", "apply", order=order.number
    )
    assert "Партии фарша Ф0 нет" in correct(client, lot.record, "link_origin", "apply", order="Ф0")
    assert Hold.objects.get(lot=lot).released_at is None


def test_a_lot_of_known_origin_is_linked_to_nothing_and_a_form_sent_twice_links_once() -> None:
    order, client = order_of(mix_out()), member("one", OFFICE)
    lot, given = by_hand("mko"), {"order": order.number, "session": str(uuid4())}
    for _ in range(2):
        assert "Применено" in correct(client, lot.record, "link_origin", "apply", **given)
    assert Event.objects.filter(kind="link_origin").count() == 1
    assert "Происхождение известно" in correct(
        client, lot.record, "link_origin", "apply", order=order.number
    )


def test_who_may_not_release_such_a_hold_may_not_link() -> None:
    order, lot = order_of(mix_out()), by_hand("mko")
    client = member("one", "Менеджер по качеству")
    answer = client.post(
        address(lot.record, "link_origin"),
        {"step": "apply", "reason": "ошибка в плане", "order": order.number},
    )
    assert answer.status_code == 403
    assert Hold.objects.get(lot=lot).released_at is None


def of_both_lines() -> MincedOrder:
    """An order whose first mix left line 1, and its second, of other meat, line 2."""
    batches = [batch_in_stock("carcass", kg(500), condition="chilled") for _ in range(2)]
    order = planned([line("500", one) for one in batches], 2, line_mode="both")
    for number, mix in enumerate(order.mixes.order_by("index"), 1):
        Mix.objects.filter(pk=mix.pk).update(line=number)
        out(Mix.objects.get(pk=mix.pk))
    return order


@pytest.mark.parametrize("kind", ["pet_food", "mko"])
def test_of_an_order_of_both_lines_the_line_is_asked_for_and_kept(kind: str) -> None:
    order, client = of_both_lines(), member("one", OFFICE)
    lot = by_hand(kind)
    asked = correct(client, lot.record, "link_origin", "apply", order=order.number)
    assert "шла по обеим линиям: укажите, с какой она" in asked
    assert Hold.objects.get(lot=lot).released_at is None
    done = correct(client, lot.record, "link_origin", "apply", order=order.number, line="2")
    assert "Применено" in done
    kept = Lot.objects.get(pk=lot.pk).record
    assert (kept.line if isinstance(kept, Mix) else kept.source_line) == 2  # type: ignore[attr-defined]
    made = Edge.objects.filter(child=lot).exclude(kind="carry_over")
    taken = MixUse.objects.filter(mix__order=order, mix__line=2)
    assert {one.parent_id for one in made} == set(taken.values_list("lot", flat=True))
    assert sum(one.kg for one in made) == kg(300)


@pytest.mark.parametrize(("kind", "done"), [("mko", True), ("pet_food", False)])
def test_a_by_product_may_be_of_both_lines_and_a_mix_may_not(kind: str, done: bool) -> None:
    order, lot = of_both_lines(), by_hand(kind)
    told = correct(
        member("one", OFFICE), lot.record, "link_origin", "apply", order=order.number, line="both"
    )
    assert ("Применено" in told) is done
    assert Edge.objects.filter(child=lot).exclude(kind="carry_over").count() == (2 if done else 0)


def test_a_line_that_nothing_of_the_order_left_is_refused() -> None:
    mix = mix_out()
    Mix.objects.update(line=1)
    lot, order = by_hand("mko"), order_of(mix)
    told = correct(
        member("one", OFFICE), lot.record, "link_origin", "apply", order=order.number, line="2"
    )
    assert "По этой линии из партии" in told
    assert Hold.objects.get(lot=lot).released_at is None


@time_machine.travel("2026-11-22 12:00+03:00")  # by night a day of today has not begun yet
def test_the_leftovers_of_its_line_lead_through_a_mix_that_is_linked() -> None:
    def left_line(number: int) -> Mix:
        batch = batch_in_stock("carcass", kg(1000), condition="chilled")
        mix = planned([line("1000", batch)], 1).mixes.get()
        Mix.objects.filter(pk=mix.pk).update(line=number)
        return out(Mix.objects.get(pk=mix.pk))

    first, other = left_line(1), left_line(2)
    lot = by_hand("pet_food")
    second = left_line(1)
    correct(member("one", OFFICE), lot.record, "link_origin", "apply", order=order_of(first).number)
    assert Mix.objects.get(lot=lot).line == 1
    edges = Edge.objects.filter(kind="carry_over").filter(Q(parent=lot) | Q(child=lot))
    assert {(one.parent_id, one.child_id, one.kg) for one in edges} == {
        (first.lot_id, lot.pk, 0), (lot.pk, second.lot_id, 0)
    }  # fmt: skip
    assert other.lot_id not in {one.parent_id for one in edges}
    assert [one for one in verify() if one.count] == []
