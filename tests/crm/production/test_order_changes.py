"""An order that changes while it walks: its plan, its mixes, its line, what is held of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.bridge.records import row_of
from crm.catalogue.models import RecipeVersion
from crm.ledger.models import Balance, Reservation
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.models import (
    MincedOrder,
    Mix,
    OrderItem,
    Place,
    RawBatch,
    SecondMinced,
    Waiting,
)
from crm.production.operations.write_off_mix import write_off_mix
from crm.quality.models import HoldKind
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from crm.work.models import Task
from engine.errors import Refused
from engine.model.values import Row
from tests.crm.production.orders import fire, line, new_order, rework
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal


@pytest.fixture
def carcass(talker: Talker) -> RawBatch:
    return batch_in_stock("carcass", kg(2000), ("17.00", "13.00", "67.00"), "chilled")


def order_of(batch: RawBatch, mass: str, mixes: int, line_mode: str = "line_1") -> MincedOrder:
    """Plan an order by recipe 12: active, its first mix in unpacking."""
    order = new_order([line(mass, batch)], mixes, recipe=12, line_mode=line_mode)
    fire(order, "plan")
    return MincedOrder.objects.get(pk=order.pk)


def changed(order: MincedOrder, number: int, masses: Mapping[int, str], *again: Mix) -> None:
    items = tuple(
        Row("changed_line", str(at), "", {"item": row_of(item), "kg": kg(masses[at])})
        for at, item in enumerate(order.items.order_by("position"))
        if at in masses
    )
    rows = tuple(row_of(mix) for mix in again)
    fire(order, "change", "сменился план", number_mix=number, items=items, again=rows)


def states(order: MincedOrder) -> list[str]:
    return list(order.mixes.order_by("index").values_list("state", flat=True))


def test_fewer_mixes_cancel_the_last_queued_ones_and_more_are_added(carcass: RawBatch) -> None:
    order = order_of(carcass, "900", 4)
    changed(order, 2, {})
    assert states(order) == ["unpacking", "queued", "cancelled", "cancelled"]
    changed(order, 3, {})
    assert states(order) == ["unpacking", "queued", "cancelled", "cancelled", "queued"]
    assert order.mixes.latest("index").number == f"{order.number}/5"


def test_a_plan_that_leaves_nothing_to_the_mixes_to_come_is_refused(carcass: RawBatch) -> None:
    order = order_of(carcass, "900", 4)
    with pytest.raises(Refused, match=r"ещё не вышли \(4\), ничего не остаётся"):
        changed(order, 4, {0: "0"})
    mix = order.mixes.get(index=1)
    write_off_mix(None, at=timezone.now(), mix=mix)
    Mix.objects.filter(pk=mix.pk).update(state="in_plate_freezer")
    with pytest.raises(Refused, match=r"ещё не вышли \(3\)"):
        changed(order, 4, {0: "225"})
    assert order.items.get().kg_planned == kg(900)
    changed(order, 4, {0: "225.003"})
    assert order.items.get().kg_planned == kg("225.003")


def test_a_changed_mass_moves_the_reservation_by_exactly_so_much(carcass: RawBatch) -> None:
    order = order_of(carcass, "900", 3)
    changed(order, 3, {0: "890"})
    assert Balance.objects.get(lot=carcass.lot, account="raw_store").reserved == kg(890)
    assert order.items.get().kg_planned == kg(890)
    with pytest.raises(Refused, match="добавить можно не больше 1\u202f110,000 кг"):
        changed(order, 3, {0: "2000.001"})
    changed(order, 3, {0: "2000"})
    assert Reservation.objects.get().kg == kg(2000)


@pytest.fixture
def with_rework(carcass: RawBatch) -> MincedOrder:
    """An order of 900 kg of carcass and 100 kg of вторфарш, of which its recipe takes 10 %."""
    RecipeVersion.objects.filter(recipe__number=12).update(rework_limit_pct=kg(10))
    order = new_order([line("900", carcass)], 3, recipe=12)
    lot = rework("500").lot
    OrderItem.objects.create(order=order, position=2, lot=lot, kg_planned=kg(100))
    fire(order, "plan")
    return MincedOrder.objects.get(pk=order.pk)


@pytest.mark.parametrize("masses", [{0: "899.999"}, {0: "100"}, {1: "100.001"}])
def test_a_change_that_makes_more_of_it_rework_than_the_recipe_takes_is_refused(
    with_rework: MincedOrder, masses: Mapping[int, str]
) -> None:
    with pytest.raises(Refused, match="при пределе рецепта 10,0 %"):
        changed(with_rework, 3, masses)
    changed(with_rework, 3, {0: "1080", 1: "120"})
    assert [item.kg_planned for item in with_rework.items.order_by("position")] == [1080, 120]


def test_an_order_over_a_limit_that_came_later_may_come_nearer_to_it(
    with_rework: MincedOrder,
) -> None:
    RecipeVersion.objects.filter(recipe__number=12).update(rework_limit_pct=kg(5))
    changed(with_rework, 3, {0: "1000"})
    changed(with_rework, 3, {1: "90"})
    with pytest.raises(Refused, match="при пределе рецепта 5,0 %"):
        changed(with_rework, 3, {0: "1200", 1: "91"})


def test_more_of_a_lot_that_may_not_be_used_again_is_refused(with_rework: MincedOrder) -> None:
    SecondMinced.objects.update(rework_gen=9)
    with pytest.raises(Refused, match="поколение 9, а предел 1"):
        changed(with_rework, 3, {0: "1080", 1: "120"})
    changed(with_rework, 3, {0: "1080", 1: "99"})
    SecondMinced.objects.update(rework_gen=1, produced_on=timezone.localdate() - timedelta(400))
    with pytest.raises(Refused, match="срок годности вышел"):
        changed(with_rework, 3, {1: "100"})


def test_a_mix_on_the_line_is_issued_again_with_the_new_plan(
    talker: Talker, carcass: RawBatch
) -> None:
    order = order_of(carcass, "900", 3)
    talker.deliver()
    talker.say("unpacker_line_1", "[Замес растарен]")
    first = order.mixes.get(index=1)
    assert first.state == "pressing"
    changed(order, 3, {0: "1200"}, first)
    talker.deliver()
    first.refresh_from_db()
    assert (first.state, first.remake) == ("queued", True)
    tasks = Task.objects.filter(subject="mix", subject_id=first.pk)
    assert not tasks.filter(state__in=["open", "claimed"]).exists()
    assert order.mixes.get(index=2).state == "unpacking"
    talker.say("unpacker_line_1", "[Замес растарен]")
    first.refresh_from_db()
    assert first.state == "unpacking"
    phone = talker.phone("unpacker_line_1")
    assert phone.sees("‼ Рецептура изменена, замес отправлен повторно…Каркас – 400,0 кг"), (
        phone.described()
    )


def test_fewer_mixes_than_are_on_the_line_are_refused_until_they_are_ticked(
    carcass: RawBatch,
) -> None:
    order = order_of(carcass, "900", 2)
    with pytest.raises(Refused, match="Замесов может быть от 1 до 200"):
        changed(order, 0, {})
    Mix.objects.filter(order=order, index=2).update(state="unpacked", line=1)
    with pytest.raises(Refused, match="отметьте «выдать заново» или оставьте не меньше 2"):
        changed(order, 1, {})
    changed(order, 1, {}, order.mixes.get(index=2))
    assert states(order) == ["unpacking", "cancelled"]


def test_a_hold_on_a_component_pauses_the_order_and_frees_nothing_on_the_line(
    talker: Talker, carcass: RawBatch
) -> None:
    order = order_of(carcass, "900", 3)
    quality = Person.objects.holding("quality_manager").first()
    place_hold(
        quality, lot=carcass.lot, kind=HoldKind.MANUAL, reason="проверка", at=timezone.localtime()
    )
    talker.after(minutes=1)
    order.refresh_from_db()
    assert (order.state, states(order)) == ("paused", ["unpacking", "queued", "queued"])
    assert talker.phone("technologist").sees(f"Партия {order.number} остановлена: …заблокирована…")
    with pytest.raises(Refused, match="заблокирована"):
        fire(order, "resume")


def test_a_hold_keeps_no_order_whose_mixes_are_all_out(talker: Talker, carcass: RawBatch) -> None:
    order = order_of(carcass, "900", 2)
    first, second = order.mixes.order_by("index")
    Mix.objects.filter(pk=first.pk).update(state="ready_to_discharge")
    write_off_mix(None, at=timezone.localtime(), mix=Mix.objects.get(pk=first.pk))
    Mix.objects.filter(pk=first.pk).update(state="finished")
    place_hold(
        Person.objects.holding("quality_manager").first(), lot=carcass.lot, kind=HoldKind.MANUAL,
        reason="проверка", at=timezone.localtime(),
    )  # fmt: skip
    talker.after(minutes=1)
    order.refresh_from_db()
    assert order.state == "paused"
    fire(second, "cancel", "сырьё под вопросом")
    fire(order, "resume")  # nothing of it is going to be used any more
    order.refresh_from_db()
    assert order.state == "finished"
    assert not Reservation.objects.filter(kg__gt=0).exists()
    assert Balance.objects.get(lot=carcass.lot, account="raw_store").physical == kg(1550)


def test_a_mix_waits_for_another_composition_once_a_batch_of_it_was_rejected(
    carcass: RawBatch,
) -> None:
    order = order_of(carcass, "900", 1)
    reject(carcass)
    fire(order.mixes.get(), "reissue", "запах по всей партии")
    why = Waiting.objects.get(record="mix", record_id=str(order.mixes.get().pk)).why
    assert why == f"ждёт сырьё: партия {carcass} забракована: измените состав"


def test_a_rejected_batch_leaves_the_store_when_what_is_on_a_line_has_left_the_mixer(
    carcass: RawBatch,
) -> None:
    order = order_of(carcass, "900", 3)
    mix = order.mixes.earliest("index")
    Mix.objects.filter(pk=mix.pk).update(state="ready_to_discharge")
    reject(carcass)
    for transition in ("send_back", "dispose"):
        with pytest.raises(Refused, match=f"Часть партии на линии: {mix.number}. Выгрузите"):
            fire(carcass, transition, "запах", who="storekeeper")
    changed(order, 1, {0: "300"})
    write_off_mix(None, at=timezone.localtime(), mix=Mix.objects.get(pk=mix.pk))
    Mix.objects.filter(pk=mix.pk).update(state="finished")
    fire(carcass, "send_back", "запах", who="storekeeper")
    left = Balance.objects.filter(lot=carcass.lot).values_list("account", "physical")
    assert dict(left) == {"raw_store": kg(0), "supplier": kg(-300), "process": kg(300)}


def reject(batch: RawBatch) -> None:
    """Reject a batch that failed; nothing holds it."""
    RawBatch.objects.filter(pk=batch.pk).update(state="quarantine")
    fire(RawBatch.objects.get(pk=batch.pk), "reject", "запах по всей партии")
    batch.refresh_from_db()


def test_a_mix_past_unpacking_goes_on_under_a_hold_and_one_in_it_stops(
    talker: Talker, carcass: RawBatch
) -> None:
    order = order_of(carcass, "900", 3)
    talker.deliver()
    talker.say("unpacker_line_1", "[Замес растарен]")
    assert states(order) == ["pressing", "unpacking", "queued"]
    hold = place_hold(
        Person.objects.holding("quality_manager").first(), lot=carcass.lot, kind=HoldKind.MANUAL,
        reason="проверка", at=timezone.localtime(),
    )  # fmt: skip
    talker.after(minutes=1)
    unpacker = talker.say("unpacker_line_1", "[Замес растарен]")
    assert unpacker.sees("…Растарку остановите: …заблокирована…"), unpacker.described()
    talker.say("press_line_1", "[Просепарировано]")
    assert states(order) == ["mixing", "unpacking", "queued"]
    release_hold(None, hold=hold, reason="чисто", at=timezone.localtime(), decided=True)
    fire(order, "resume")
    talker.say("unpacker_line_1", "[Замес растарен]")
    assert states(order) == ["mixing", "pressing", "unpacking"]


def test_an_order_that_stands_two_hours_is_told_once_with_what_it_waits_for(
    talker: Talker, carcass: RawBatch
) -> None:
    order = order_of(carcass, "900", 3)
    talker.after(minutes=119)
    technologist = talker.phone("technologist")
    said = f"Партия {order.number} стоит больше 2 часов. ждёт: растарка линии 1 занята замесом…"
    assert not technologist.sees(said)
    talker.after(minutes=120)
    told = [text for text in technologist.described().split("«") if "стоит больше 2 часов" in text]
    assert len(told) == 1, told


def test_an_order_that_stands_is_told_of_however_late_the_clock_asks(
    talker: Talker, carcass: RawBatch
) -> None:
    order = order_of(carcass, "900", 3)
    said = f"Партия {order.number} стоит больше 2 часов…"
    talker.after(minutes=100)
    talker.clock.move(timedelta(hours=3))  # nothing was awake meanwhile
    assert not talker.phone("technologist").sees(said)
    talker.after(minutes=1)
    assert talker.phone("technologist").sees(said)


def test_who_may_go_on_with_a_stopped_order_is_told_that_its_mixes_are_all_out(
    talker: Talker, carcass: RawBatch
) -> None:
    order = order_of(carcass, "900", 2)
    fire(order, "pause", "пресс сломан")
    mix, last = order.mixes.order_by("index")
    fire(mix, "cancel", "пресс сломан")
    talker.after(minutes=31)
    assert not Task.objects.filter(kind="resume_order").exists()  # the other one waits for the line
    fire(last, "cancel", "пресс сломан")
    talker.after(minutes=31)
    said = f"Партия {order.number} остановлена, а все её замесы уже готовы. Продолжите её: она…"
    assert talker.phone("shift_lead").sees(said), talker.phone("shift_lead").described()
    talker.say("technologist", "[Продолжить]")
    order.refresh_from_db()
    assert (order.state, Task.objects.get(kind="resume_order").state) == ("finished", "done")
    assert not Reservation.objects.filter(kg__gt=0).exists()


def test_a_free_line_is_offered_to_the_order_that_waits_and_takes_its_mixes(
    talker: Talker, carcass: RawBatch
) -> None:
    alone = order_of(carcass, "300", 1, "line_2")
    Place.objects.all().delete()
    now = timezone.localtime()
    alone.mixes.update(state="in_plate_freezer", line=2, produced_at=now)
    waiting = order_of(carcass, "900", 3)
    talker.deliver()
    asked = f"Линия 2 свободна. На линии 1 в очереди 3 замеса партии {waiting}. Подключить линию 2?"
    phone = talker.phone("technologist")
    assert phone.sees(f"…{asked}…"), phone.described()
    talker.say("technologist", "[✅ Да]")
    waiting.refresh_from_db()
    assert (waiting.line_mode, waiting.own_line) == ("both", "line_1")
    talker.deliver()
    lines = waiting.mixes.order_by("index").values_list("state", "line")
    assert list(lines) == [("unpacking", 1), ("unpacking", 2), ("queued", None)]
    assert talker.phone("unpacker_line_2").sees("Обе, линия – 2…")
    fire(waiting, "stop_joint_work")
    waiting.refresh_from_db()
    assert waiting.line_mode == "line_1"
    assert list(waiting.mixes.order_by("index").values_list("line", flat=True)) == [1, 2, None]


def test_an_order_planned_for_both_lines_is_left_on_the_one_that_is_named(
    talker: Talker, carcass: RawBatch
) -> None:
    order = order_of(carcass, "900", 4, "both")
    assert states(order) == ["unpacking", "unpacking", "queued", "queued"]
    with pytest.raises(Refused, match="выберите, на какой её оставить"):
        fire(order, "stop_joint_work")
    fire(order, "leave_on_line_2")
    talker.deliver()
    talker.say("unpacker_line_1", "[Замес растарен]")
    talker.say("unpacker_line_2", "[Замес растарен]")
    order.refresh_from_db()
    assert order.line_mode == "line_2"
    assert list(order.mixes.order_by("index").values_list("line", flat=True)) == [1, 2, 2, None]
