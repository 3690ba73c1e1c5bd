"""A recall names who has, and who had, what it affects: вторфарш that was sold, and what came back
and was sold to somebody else (domain 14.2)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.catalogue.operations.add import add
from crm.ledger.models import Lot
from crm.ledger.trace import Way, trace
from crm.plant.clock import PlantClock
from crm.production.facts.hold_scope import hold_scope
from crm.production.facts.recall_movements import recall_movements
from crm.production.facts.recall_shipped import recall_shipped
from crm.production.facts.recall_spread import recall_spread
from crm.production.facts.trace_lines import trace_lines
from crm.production.facts.trace_pages import trace_pages
from crm.production.facts.traced_orders import traced_orders
from crm.production.models import Pallet, SecondMinced
from crm.production.operations.accept_from_remainder import accept_from_remainder
from crm.production.operations.edit_pallet import edit_pallet
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.recall import recall
from crm.quality.models import Hold
from crm.quality.operations.hold_forward import hold_forward
from crm.quality.operations.release_hold import release_hold
from tests.crm.production.orders import fire, line, planned, rework
from tests.crm.production.pallets import (
    by_hand,
    kg,
    now,
    out,
    rework_of_batch,
    shipped,
    stocked,
    who,
)
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def other_customer() -> Customer:
    return add(None, model=Customer, name="ООО «Пример-Торг»", custom=False)


def with_customers(lot: Lot) -> list[tuple[str, Decimal, str | None, str | None]]:
    """Return what the movements say of what went to customers and back."""
    return [
        (str(one["event"]), one["kg"], one["partner"], one["gaps"])
        for one in recall_movements(lot)
        if one["place"] == "Покупатель"
    ]


def test_who_bought_rework_is_told_though_its_pallet_is_not_what_the_books_moved() -> None:
    for number, net in enumerate(("200", "100"), 1):
        rework(net, number)
    pallet = by_hand(accept_from_remainder, "rework")
    fire(pallet, "accept", who="storekeeper")
    shipment = shipped(Pallet.objects.get(pk=pallet.pk))
    customer = shipment.customer
    for lot, net in zip(SecondMinced.objects.order_by("pk"), ("200", "100"), strict=True):
        found = recall(lot.lot_id)
        [gone] = found.shipped
        assert (gone.customer, gone.shipment, gone.at, gone.kg) == (
            customer.name, shipment.number, shipment.shipped_at, kg(net),
        )  # fmt: skip
        assert (found.product.received, found.product.shipped) == (kg(net), kg(net))
        assert [line["customer"] for line in recall_shipped(lot.lot)] == [customer.name]
        [(_, moved, partner, gaps)] = with_customers(lot.lot)
        assert (moved, partner) == (kg(net), customer.name)
        assert gaps != "с кем"


def test_a_recall_of_a_pallet_of_rework_is_of_what_was_put_on_it_and_adds_up() -> None:
    for number, net in enumerate(("200", "100"), 1):
        rework(net, number)
    pallet = by_hand(accept_from_remainder, "rework")
    fire(pallet, "accept", who="storekeeper")
    lots = [one.lot for one in SecondMinced.objects.order_by("pk")]
    found = recall(pallet.lot_id)
    assert [*found.trace.parts] == [pallet.lot_id, *(lot.pk for lot in lots)]
    assert found.on_hand == {lots[0].pk: kg("200"), lots[1].pk: kg("100")}
    assert (found.suspect.received, found.suspect.on_hand) == (kg("300"), kg("300"))
    assert found.suspect.unexplained == 0
    shipment = shipped(Pallet.objects.get(pk=pallet.pk))
    found = recall(pallet.lot_id)
    assert {(one.lot, one.kg) for one in found.shipped} == {
        (lots[0].pk, kg("200")), (lots[1].pk, kg("100")),
    }  # fmt: skip
    assert {one.customer for one in found.shipped} == {shipment.customer.name}
    assert (found.product.received, found.product.shipped) == (kg("300"), kg("300"))
    assert (found.suspect.shipped, found.suspect.unexplained) == (kg("300"), kg("0"))
    assert {(one, partner) for _, one, partner, _ in with_customers(pallet.lot)} == {
        (kg("200"), shipment.customer.name), (kg("100"), shipment.customer.name),
    }  # fmt: skip


def test_a_recall_of_a_pallet_of_rework_that_was_weighed_anew_adds_up() -> None:
    pallet, _ = rework_of_batch()
    edit_pallet(
        who("production_office"), pallet=pallet, gross=kg("345.5"), pallet_weight=kg("22"),
        packaging_weight=kg("18.5"), reason="весы ошиблись", at=now(),
    )  # fmt: skip
    found = recall(pallet.lot_id)
    assert (found.suspect.received, found.suspect.on_hand) == (kg("305"), kg("305"))
    assert found.suspect.unexplained == 0


@pytest.mark.parametrize("way", ["backward", "forward"])
def test_every_trace_of_a_pallet_of_rework_leads_on_by_what_was_put_on_it(way: str) -> None:
    pallet, batch = rework_of_batch()
    lot = Lot.objects.get(pk=pallet.lot_id)
    second = pallet.items.get().lot
    (page,) = trace_pages(lot, way)
    assert "300,000 кг" in str(page["text"]).splitlines()[0]
    lines = {one.id: one for one in trace_lines(lot, way)}
    assert lines[str(second.pk)]["suspect"] == kg("300")
    assert (str(batch.lot_id) in lines) == (way == "backward")
    found = trace(lot.pk, Way(way), holding={second.pk: kg("300")})
    assert found.next_of(lot.pk)[0].kg == kg("300")
    period = (now() - timedelta(days=1), now())
    if way == "backward":
        assert len([*traced_orders(period, None, None, None, lot)]) == 1


def test_a_hold_of_a_recalled_pallet_of_rework_holds_what_was_put_on_it() -> None:
    second = rework("300")
    pallet = by_hand(accept_from_remainder, "rework")
    fire(pallet, "accept", who="storekeeper")
    technologist = who("technologist")
    hold_forward(technologist, lot=pallet.lot, kind="manual", reason="стекло", at=now())
    assert {*Hold.objects.values_list("lot", flat=True)} == {pallet.lot_id, second.lot_id}
    lot = Lot.objects.get(pk=pallet.lot_id)
    both, alone = hold_scope(lot, "forward"), hold_scope(lot, "one")
    assert (both["count"], both["kg"]) == (2, kg("300"))
    assert (alone["count"], alone["kg"]) == (1, kg("300"))


def test_what_came_back_and_was_sold_again_was_with_one_customer_and_then_with_another(
    clock: PlantClock,
) -> None:
    pallet, other = stocked(), other_customer()
    first = shipped(pallet).customer
    clock.move(timedelta(hours=2))
    back = Pallet.objects.get(pk=pallet.pk)
    Shipping(program()).take_back(
        who("shipping_clerk"), pallet=back, reason="повреждена плёнка", at=now()
    )
    hold = Hold.objects.get(lot=pallet.lot)
    release_hold(who("technologist"), hold=hold, reason="перепакован", at=now())
    clock.move(timedelta(hours=2))
    shipped(Pallet.objects.get(pk=pallet.pk), customer=other)
    assert [(moved, partner) for _, moved, partner, _ in with_customers(pallet.lot)] == [
        (kg(922), first.name),
        (kg(-922), first.name),
        (kg(922), other.name),
    ]
    assert [one.customer for one in recall(pallet.lot_id).shipped] == [other.name]


def test_nobody_has_what_came_back() -> None:
    pallet = stocked()
    shipped(pallet)
    back = Pallet.objects.get(pk=pallet.pk)
    Shipping(program()).take_back(
        who("shipping_clerk"), pallet=back, reason="повреждена плёнка", at=now()
    )
    assert recall(pallet.lot_id).shipped == ()


def test_the_spread_of_a_recall_counts_who_has_goods_and_not_who_was_to_get_them() -> None:
    batch = batch_in_stock("carcass", kg(2000), condition="chilled")
    mix = out(planned([line("1000", batch)], 1).mixes.get())
    pallet, gone = stocked(7, mix=mix), pallet_of_mix(who(), mix, 8, now())
    Pallet.objects.filter(pk=gone.pk).update(state="cancelled")

    def spread() -> str:
        return str(recall_spread([line("500", batch)]))

    shipping, clerk = Shipping(program()), who("shipping_clerk")
    customer = Customer.objects.earliest("id")
    draft = shipping.draft(clerk, customer=customer, pallets=[pallet], at=now())
    assert "поставок: 1; при отзыве затронет паллетов: 1, заказчиков: 0" in spread()
    shipping.cancel(clerk, shipment=draft, reason="не тот заказчик", at=now())
    shipped(Pallet.objects.get(pk=pallet.pk))
    assert "паллетов: 1, заказчиков: 1" in spread()
    back = Pallet.objects.get(pk=pallet.pk)
    shipping.take_back(clerk, pallet=back, reason="повреждена плёнка", at=now())
    assert "паллетов: 1, заказчиков: 0" in spread()
