"""From the mixer to the customer on rows: freezers, pallets, the store, shipping."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer, Freezer
from crm.ledger.models import Account, Balance, Edge, Reservation
from crm.ledger.operations.adjust import adjust
from crm.ledger.operations.reserve import reserve
from crm.outbox.models import Notice
from crm.people.models import Person
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.boxes import box_net
from crm.production.facts.active_orders import active_orders
from crm.production.models import FreezerLoad, MincedOrder, Mix, Pallet, SecondMinced, Shipment
from crm.production.numbers import taken
from crm.production.operations.accept_from_remainder import accept_from_remainder
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.accept_without_origin import accept_without_origin
from crm.production.operations.convert_pallet import convert_pallet
from crm.production.operations.fill_buffer_pallet import fill_buffer_pallet
from crm.production.operations.load_plate_freezer import load_plate_freezer
from crm.production.operations.load_shocker import load_shocker
from crm.production.operations.make_pallet import make_pallet, pallet_of_mix
from crm.production.operations.register_second_minced import register_second_minced
from crm.production.shippable import why_not
from crm.quality.models import Hold, LimitVersion
from crm.quality.operations.new_limit import new_limit
from crm.quality.operations.place_hold import place_hold
from crm.quality.usable import Use, blocking
from engine.errors import Refused
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import (
    by_hand,
    mix_out,
    now,
    pet_food_out,
    stocked,
    weigh,
    who,
)
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
kg = Decimal


def test_box_goods_weigh_what_is_left_without_boxes_and_pallet() -> None:
    assert box_net(kg(812), 40, kg(21)) == kg(727)  # D7
    assert box_net(kg(640), 30, kg(20)) == kg(572)  # D6
    assert box_net(kg(950), 45, kg(20)) == kg(858)


def test_a_plate_freezer_holds_one_mix_of_its_line() -> None:
    batch = batch_in_stock("carcass", kg(3000), condition="chilled")
    order = planned([line("3000", batch)], 3)
    first, second, third = order.mixes.order_by("index")
    freezer, other = (Freezer.objects.get(kind="plate", number=number) for number in (1, 8))
    load = load_plate_freezer(who(), at=now(), mix=first, freezer=freezer)
    assert load_plate_freezer(who(), at=now(), mix=first, freezer=freezer) == load
    with pytest.raises(Refused, match="уже занят"):
        load_plate_freezer(who(), at=now(), mix=second, freezer=freezer)
    with pytest.raises(Refused, match="не этой линии"):
        load_plate_freezer(who(), at=now(), mix=third, freezer=other)
    assert FreezerLoad.objects.count() == 1


def test_a_shocker_takes_no_more_pallets_than_it_has_places() -> None:
    shocker = Freezer.objects.get(kind="shock", number=1)
    Freezer.objects.filter(pk=shocker.pk).update(capacity=2)
    mix = pet_food_out()
    slots = []
    for number in (1, 2, 3):
        pallet = pallet_of_mix(who(), mix, number, now())
        Pallet.objects.filter(pk=pallet.pk).update(state="open")
        pallet.state = Pallet.State.OPEN
        if number == 3:
            with pytest.raises(Refused, match="мест больше нет"):
                shock(pallet, shocker)
            break
        slots.append(shock(pallet, shocker).slot)
    assert slots == [1, 2]


def shock(pallet: Pallet, freezer: Freezer) -> FreezerLoad:
    return load_shocker(
        who(), at=now(), pallet=pallet, freezer=freezer, pallet_weight=kg(20), gross=kg(640),
        box_count=30, net=kg(572),
    )  # fmt: skip


def test_a_number_is_free_again_when_its_pallet_is_stocked_and_its_day_is_over(
    clock: PlantClock,
) -> None:
    mix = mix_out()
    pallet = stocked(5, mix=mix)
    with pytest.raises(Refused, match="занят"):
        pallet_of_mix(who(), mix, 5, now())
    clock.move_to(START + timedelta(days=1))
    assert not list(taken(now(), 5))
    pallet_of_mix(who(), mix, 5, now())
    waiting = pallet_of_mix(who(), mix, 6, now())
    clock.move_to(START + timedelta(days=40))
    with pytest.raises(Refused, match="занят"):  # in work, of whatever day
        pallet_of_mix(who(), mix_out(), 6, now())
    Pallet.objects.filter(pk=waiting.pk).update(state="cancelled")
    assert not list(taken(now(), 6))
    assert pallet.number == 5


def test_an_accepted_pallet_takes_its_net_from_process_with_its_mix_and_its_origin() -> None:
    mix = mix_out()
    pallet = stocked(7, mix=mix)
    assert pallet.net == kg(922)  # D7
    assert Balance.objects.get(lot=pallet.lot, account="fg_store").physical == kg(922)
    edge = Edge.objects.get(child=pallet.lot)
    assert (edge.parent_id, edge.kg, edge.estimated) == (mix.lot_id, kg(922), False)
    accept_pallet(who(), at=now(), pallet=pallet)  # a second press
    assert Balance.objects.get(lot=pallet.lot, account="fg_store").physical == kg(922)


def test_a_buffer_pallet_takes_45_boxes_and_divides_them_over_its_mixes() -> None:
    first, second = pet_food_out(), pet_food_out(2)
    pallet = fill_buffer_pallet(
        who(), at=now(), pallet=None, pallet_number=9, box_count=30, sources=[first, second],
        gross=kg(640), pallet_weight=kg(20),
    )  # fmt: skip
    assert pallet.net_expected == kg(572)  # D6
    Pallet.objects.filter(pk=pallet.pk).update(state="open")
    pallet.refresh_from_db()
    with pytest.raises(Refused, match="уже открыт"):
        fill_buffer_pallet(
            who(), at=now(), pallet=None, pallet_number=10, box_count=3, sources=[first],
            gross=kg(60), pallet_weight=kg(20),
        )  # fmt: skip
    pallet = fill_buffer_pallet(
        who(), at=now(), pallet=pallet, pallet_number=None, box_count=20, sources=[first],
        gross=kg(310), pallet_weight=kg(99),
    )  # fmt: skip
    assert (pallet.box_count, pallet.gross, pallet.net_expected) == (45, kg(950), kg(858))
    assert sorted(item.kg or 0 for item in pallet.items.all()) == [kg(286), kg(572)]


def test_what_freezing_took_of_second_minced_is_a_loss() -> None:
    mix_out()
    second = register_second_minced(
        who("freezer_storekeeper"), session=uuid4(), at=now(), kind=SecondMinced.Kind.MKO2,
        net=kg(727), produced_on=now().date(), key="t1",
    )  # fmt: skip
    assert (second.number, second.rework_gen) == ("2211/1/МКО2", 1)
    assert Edge.objects.filter(child=second.lot, estimated=True).exists()
    pallet = make_pallet(who(), number=3, kind=Pallet.Kind.SECOND, lots=[second.lot], at=now())
    pallet.items.update(kg=kg(727))
    weigh(pallet, "760.5")
    accept_pallet(who(), at=now(), pallet=pallet)
    assert Balance.objects.get(lot=second.lot, account="mko_store").physical == 0
    assert Balance.objects.get(lot=second.lot, account="loss_freezing").physical == kg(7)
    assert Balance.objects.get(lot=pallet.lot, account="fg_store").physical == kg(720)


@pytest.mark.parametrize("counted", ["720", "735"])
def test_a_pallet_of_second_minced_takes_what_a_stocktake_found_of_its_lot(counted: str) -> None:
    mix_out()
    second = register_second_minced(
        who("freezer_storekeeper"), session=uuid4(), at=now(), kind=SecondMinced.Kind.MKO2,
        net=kg(727), produced_on=now().date(), key="t1",
    )  # fmt: skip
    SecondMinced.objects.filter(pk=second.pk).update(state="on_pallet")
    pallet = make_pallet(who(), number=3, kind=Pallet.Kind.SECOND, lots=[second.lot], at=now())
    pallet.items.update(kg=kg(727))
    adjust(
        who(), lot=second.lot, counted=kg(counted), reason="инвентаризация", session=uuid4(),
        at=now(),
    )  # fmt: skip
    weigh(pallet, "740.5")
    accept_pallet(who(), at=now(), pallet=pallet)
    assert Balance.objects.get(lot=second.lot, account="mko_store").physical == 0
    assert Balance.objects.get(lot=pallet.lot, account="fg_store").physical == kg(700)
    lost = Balance.objects.get(lot=second.lot, account="loss_freezing").physical
    assert lost == kg(counted) - 700


@pytest.mark.parametrize(
    ("kind", "number"),
    [("pet_food", "2211/1/Пет-фуд"), ("mko", "2211/1/МКО1"), ("mko_sale", "2211/1/МКО1 Продажа"),
     ("rework", "2211/1/Вторфарш")],
)  # fmt: skip
def test_goods_of_no_known_origin_are_stock_and_held(kind: str, number: str) -> None:
    pallet = by_hand(accept_without_origin, kind)
    accept_pallet(who(), at=now(), pallet=pallet)
    content = pallet.items.get().lot
    assert str(content.record) == number
    stores = Balance.objects.filter(physical=kg(300), lot__in=[pallet.lot_id, content.pk])
    assert {row.account for row in stores.exclude(account="process")} == (
        {"rework_store"} if kind == "rework" else {"fg_store"}
    )
    if kind != "pet_food":  # a mix is held by its own transition
        assert Hold.objects.get(lot=content).kind == "no_origin"


def test_the_oldest_registered_lots_go_on_a_pallet_and_a_small_excess_comes_from_process() -> None:
    mix_out()
    for index, net in enumerate(("200", "95")):
        second = register_second_minced(
            who("technologist"), session=uuid4(), at=now(), kind=SecondMinced.Kind.REWORK,
            net=kg(net), produced_on=now().date(), key=f"r{index}",
        )  # fmt: skip
        SecondMinced.objects.filter(pk=second.pk).update(state="registered")
    pallet = by_hand(accept_from_remainder, "rework")
    assert [item.kg for item in pallet.items.order_by("pk")] == [kg(200), kg(100)]
    total = sum(row.physical for row in Balance.objects.filter(account="rework_store"))
    assert total == kg(300)
    with pytest.raises(Refused, match="На остатке 0,000 кг"):
        by_hand(accept_from_remainder, "rework", 78)


def test_a_pallet_whose_rework_is_planned_for_a_mix_is_not_shipped() -> None:
    """Found by the simulated plant: an emptied pallet was offered, and broke the draft."""
    mix_out()
    second = register_second_minced(
        who("technologist"), session=uuid4(), at=now(), kind=SecondMinced.Kind.REWORK,
        net=kg(300), produced_on=now().date(), key="r",
    )  # fmt: skip
    SecondMinced.objects.filter(pk=second.pk).update(state="registered")
    pallet = by_hand(accept_from_remainder, "rework")
    pallet.state = Pallet.State.IN_STOCK
    assert why_not(pallet) is None
    holder = Reservation.Holder.ORDER_ITEM
    reserve(
        lot=second.lot, account=Account.REWORK_STORE, kg=kg("17.5"), holder=holder, holder_id=1,
        at=now(),
    )  # fmt: skip
    why = "Вторфарш взят в производство: из 300,000 кг осталось 282,500 кг"
    assert str(why_not(pallet)) == why
    pallet.state = Pallet.State.RESERVED  # what its own shipment has reserved is its own
    assert why_not(pallet) is None


def test_a_pallet_is_shipped_by_two_people_and_taken_back_held() -> None:
    pallet, clerk, other = stocked(), who("shipping_clerk"), second_clerk()
    shipping = Shipping(program())
    customer = Customer.objects.earliest("id")
    shipment = shipping.draft(clerk, customer=customer, pallets=[pallet], at=now())
    assert shipment.number == "О-2026-1"
    assert Reservation.objects.get().kg == kg(922)
    with pytest.raises(Refused):
        shipping.draft(clerk, customer=customer, pallets=[pallet], at=now())
    shipping.confirm(clerk, shipment=shipment, at=now())
    with pytest.raises(Refused, match="второй человек"):
        shipping.ship(clerk, shipment=shipment, at=now())
    shipping.ship(other, shipment=shipment, at=now())
    pallet.refresh_from_db()
    assert pallet.state == "shipped"
    assert Balance.objects.get(lot=pallet.lot, account="customer").physical == kg(922)
    shipping.take_back(clerk, pallet=pallet, reason="возврат покупателя", at=now())
    told = {one.person.full_name for one in Notice.objects.all() if one.person is not None
            and one.plain_text.endswith("кг. Возврат: возврат покупателя")}  # fmt: skip
    assert {str(who("storekeeper")), str(who("quality_manager"))} <= told
    pallet.refresh_from_db()
    assert pallet.state == "in_stock"
    assert str(why_not(pallet)).startswith("Заблокирован: Возврат")
    assert Balance.objects.get(lot=pallet.lot, account="fg_store").physical == kg(922)


def test_who_confirmed_lets_go_alone_where_the_plant_lets_him_and_the_shipment_keeps_the_rule() -> (
    None
):
    shipping, clerk = Shipping(program()), who("shipping_clerk")
    customer = Customer.objects.earliest("id")

    def confirmed(number: int) -> Shipment:
        made = shipping.draft(clerk, customer=customer, pallets=[stocked(number)], at=now())
        return shipping.confirm(clerk, shipment=made, at=now())

    people_who_let_go("1")
    alone = shipping.ship(clerk, shipment=confirmed(1), at=now())
    assert (alone.state, alone.by_two, alone.reviewed_by) == ("shipped", False, clerk)
    people_who_let_go("2")
    waits = confirmed(2)
    with pytest.raises(Refused, match="второй человек"):
        shipping.ship(clerk, shipment=waits, at=now())
    name = "shipment_by_two_is_let_go_by_another_person"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Shipment.objects.filter(pk=waits.pk).update(reviewed_by=clerk)
    assert shipping.ship(second_clerk(), shipment=waits, at=now()).by_two
    alone.refresh_from_db()
    assert not alone.by_two


def people_who_let_go(least: str) -> None:
    """Change the setting of how many people a shipment takes."""
    (case,) = LimitVersion.objects.in_force("shipment_people", now())
    new_limit(
        who("quality_manager"), case=case, least=kg(least), most=None, reason="людей мало", at=now()
    )


def second_clerk() -> Person:
    """Return somebody else who may ship."""
    person = who("production_office")
    person.roles.get_or_create(role="shipping_clerk")
    return Person.objects.get(pk=person.pk)


def test_a_hold_between_confirming_and_shipping_keeps_everything_here() -> None:
    first, second = stocked(7), stocked(8)
    clerk, other = who("shipping_clerk"), second_clerk()
    shipping = Shipping(program())
    customer = Customer.objects.earliest("id")
    shipment = shipping.draft(clerk, customer=customer, pallets=[first, second], at=now())
    shipping.confirm(clerk, shipment=shipment, at=now())
    place_hold(who("quality_manager"), lot=second.lot, kind="manual", reason="проверка", at=now())
    with pytest.raises(Refused, match="аблокирован"):
        shipping.ship(other, shipment=shipment, at=now())
    assert Shipment.objects.get().state == "confirmed"
    assert not Balance.objects.filter(account="customer").exclude(physical=0).exists()
    with pytest.raises(Refused, match="Укажите причину"):
        shipping.cancel(clerk, shipment=shipment, reason=" ", at=now())
    shipping.cancel(clerk, shipment=shipment, reason="блокировка", at=now())
    assert not Reservation.objects.filter(kg__gt=0).exists()
    assert {*Pallet.objects.values_list("state", flat=True)} == {"in_stock"}


def test_only_a_shipping_clerk_confirms_and_nothing_that_is_held() -> None:
    first, second = stocked(7), stocked(8)
    shipping, clerk = Shipping(program()), who("shipping_clerk")
    customer = Customer.objects.earliest("id")
    made = shipping.draft(clerk, customer=customer, pallets=[first, second], at=now())
    with pytest.raises(Refused, match="может только: Отдел отгрузки"):
        shipping.confirm(who("storekeeper"), shipment=made, at=now())
    place_hold(who("quality_manager"), lot=second.lot, kind="manual", reason="проверка", at=now())
    with pytest.raises(Refused, match="Паллет 8: Заблокирован: Вручную, проверка"):
        shipping.confirm(clerk, shipment=made, at=now())
    assert Shipment.objects.get().state == "draft"
    shipping.remove(clerk, shipment=made, pallet=second, at=now())
    assert shipping.confirm(clerk, shipment=made, at=now()).state == "confirmed"


def test_a_draft_that_nobody_confirms_in_four_hours_gives_its_pallets_back(
    clock: PlantClock,
) -> None:
    talker, clerk = Talker(clock), who("shipping_clerk")
    shipping, customer = Shipping(program()), Customer.objects.earliest("id")
    kept = shipping.draft(clerk, customer=customer, pallets=[stocked(7)], at=now())
    shipping.confirm(clerk, shipment=kept, at=now())
    draft = shipping.draft(clerk, customer=customer, pallets=[stocked(8)], at=now())
    talker.after(minutes=239)
    draft.refresh_from_db()
    assert draft.state == "draft"
    clock.move(timedelta(minutes=1))
    with pytest.raises(Refused, match="Черновик отгрузки О-2026-2 держал паллеты до 15:30"):
        shipping.confirm(clerk, shipment=draft, at=now())
    assert talker.sweep() > 0
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == ("cancelled", "черновик истёк")
    assert {*Pallet.objects.values_list("number", "state")} == {(7, "reserved"), (8, "in_stock")}
    assert Reservation.objects.filter(kg__gt=0).count() == 1
    phone = talker.phone(clerk.telegram_id or 0)
    assert phone.sees("Черновик отгрузки О-2026-2 истёк: паллеты свободны (8)"), phone.described()
    assert talker.sweep() == 0


def test_what_was_shipped_is_closed_after_thirty_days(clock: PlantClock) -> None:
    talker, clerk, other = Talker(clock), who("shipping_clerk"), second_clerk()
    shipping, customer = Shipping(program()), Customer.objects.earliest("id")
    shipment = shipping.draft(clerk, customer=customer, pallets=[stocked()], at=now())
    shipping.confirm(clerk, shipment=shipment, at=now())
    shipping.ship(other, shipment=shipment, at=now())
    for days, state in ((29, "shipped"), (1, "closed")):
        clock.move(timedelta(days=days))
        talker.sweep()
        shipment.refresh_from_db()
        assert shipment.state == state


@pytest.mark.parametrize(
    ("change", "why"),
    [({"quality": "blocked"}, "заблокирован"), ({"quality": "untested"}, "не проверен")],
)
def test_a_mix_that_did_not_pass_keeps_its_pallets(change: dict[str, str], why: str) -> None:
    mix = mix_out()
    pallet = stocked(mix=mix)
    Mix.objects.filter(pk=mix.pk).update(**change)
    assert why in str(why_not(pallet))


def test_pet_food_without_ash_and_expired_goods_are_not_shipped(clock: PlantClock) -> None:
    mix = pet_food_out()
    pallet = stocked(mix=mix)
    assert "Отсутствует анализ на золу" in str(why_not(pallet))
    Mix.objects.filter(pk=mix.pk).update(ash_state="in_norm")
    assert why_not(pallet) is None
    clock.move_to(START + timedelta(days=91))
    assert str(why_not(pallet)) == "Срок годности вышел"


def test_a_pallet_made_into_rework_is_one_generation_older() -> None:
    pallet = stocked()
    convert_pallet(who("technologist"), at=now(), pallet=pallet, reason="брак упаковки")
    second = SecondMinced.objects.get()
    assert (second.rework_gen, second.net, second.state) == (1, kg(922), "registered")
    assert Balance.objects.get(lot=pallet.lot, account="fg_store").physical == 0
    assert Edge.objects.get(child=second.lot).kind == "rework"


def test_conversion_ends_the_hold_of_a_failed_analysis_but_not_for_the_other_pallets() -> None:
    mix = mix_out()
    first, second = stocked(7, "502.5", mix), stocked(8, "502.5", mix)
    held = place_hold(who(), lot=mix.lot, kind="fhp", reason="жир 21,00", at=now())
    assert blocking(second.lot, Use.SHIPPING) == held
    convert_pallet(who("technologist"), at=now(), pallet=first, reason="жир выше нормы")
    made = SecondMinced.objects.get()
    held.refresh_from_db()
    assert held.released_at is not None
    assert "возвращён в вторфарш: жир выше нормы" in held.release_reason
    assert [blocking(made.lot, use) for use in Use] == [None] * 4
    moved = blocking(second.lot, Use.SHIPPING)
    assert moved is not None
    assert (moved.lot_id, moved.kind, moved.reason) == (second.lot_id, "fhp", "жир 21,00")
    convert_pallet(who("technologist"), at=now(), pallet=second, reason="жир выше нормы")
    assert not Hold.objects.filter(released_at__isnull=True).exists()


@pytest.mark.parametrize("kind", ["foreign_body", "manual", "recall", "core_temp", "no_origin"])
def test_what_another_hold_keeps_does_not_become_rework(kind: str) -> None:
    mix = mix_out()
    pallet = stocked(7, mix=mix)
    place_hold(who(), lot=mix.lot, kind=kind, reason="скол стекла", at=now())
    with pytest.raises(Refused, match="заблокировано"):
        convert_pallet(who("technologist"), at=now(), pallet=pallet, reason="брак упаковки")
    assert not SecondMinced.objects.exists()


def test_what_came_of_a_batch_with_an_antibiotic_does_not_become_rework() -> None:
    pallet = stocked(7)
    batch = pallet.items.get().lot.mix.uses.get().batch
    assert batch is not None
    place_hold(who(), lot=batch.lot, kind="antibiotic", reason="тетрациклины", at=now())
    with pytest.raises(Refused, match="Антибиотик: тетрациклины"):
        convert_pallet(who("technologist"), at=now(), pallet=pallet, reason="брак упаковки")


def test_a_by_product_is_of_an_order_of_this_production_day_also_when_that_is_finished(
    clock: PlantClock,
) -> None:
    order = mix_out().order
    assert order is not None
    MincedOrder.objects.update(state="finished")
    assert list(active_orders()) == [order]
    clock.move_to(clock.now() + timedelta(days=1))
    assert list(active_orders()) == []
    MincedOrder.objects.update(state="active")
    assert list(active_orders()) == [order]


def test_a_cart_and_a_frozen_pallet_are_registered_by_talking(clock: PlantClock) -> None:
    mix_out()
    talker = Talker(clock)
    talker.say("technologist", "/start", "[Занесение вторфарша]", "[Выпуск вторфарша]", "412,5")
    phone = talker.say("technologist", "[Тележка № 1 (27 кг)]", "[Вся смена]", "[Сохранить]")
    assert phone.sees("2211/1/Вторфарш: нетто 385,500 кг"), phone.described()
    rework_lot = SecondMinced.objects.get(kind="rework")
    assert (rework_lot.state, rework_lot.available) == ("registered", kg("385.500"))
    talker.say("freezer_storekeeper", "/start", "[Заморозка МКО2]", "31", "21", "40", "812")
    phone = talker.say("freezer_storekeeper", "[Вся смена]", "[№ 1…]", "[Сохранить]")
    assert phone.sees("2211/1/МКО2: нетто 727,000 кг. Паллет 31, шокер № 1"), phone.described()
    assert not phone.sees("Паллет 31 ждёт заморозки…"), phone.described()  # it waited for nobody
    load = FreezerLoad.objects.get()
    assert (load.state, load.slot) == ("freezing", 1)
    assert load.pallet is not None
    assert load.pallet.state == "freezing"
    talker.after(minutes=721)
    load.refresh_from_db()
    assert load.state == "due"
    talker.say("packer", "[Выгрузить из шокера]", "-19", "[Выгрузить]")
    weights = ("40", "760,5", "22", "18,5", "{photo}", "[Продолжить]", "[Принять]")
    phone = talker.say("storekeeper", "[Начать палетирование и маркировку]", *weights)
    assert phone.sees("Работа с фаршем закончена…"), phone.described()
    assert Pallet.objects.get().state == "in_stock"
    assert Balance.objects.get(account="loss_freezing").physical == kg(7)
