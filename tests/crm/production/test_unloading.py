"""«Ближайшая выгрузка» and unloading before the time, on rows (domain 4.29, 4.31, 5.6, 14.7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.catalogue.models import Freezer
from crm.outbox.models import Notice
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.models import FreezerLoad, Mix, Pallet
from crm.production.operations.approve_early import approve_early
from crm.production.operations.load_plate_freezer import load_plate_freezer
from crm.production.operations.load_shocker import load_shocker
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.operations.unload_shocker import unload_shocker
from crm.production.operations.write_off_mix import write_off_mix
from crm.production.unloading import nearest
from crm.quality.models import Check, Deviation, Measurement
from crm.work.models import Task
from engine.errors import Refused
from tests.crm.faults.plant import at_work
from tests.crm.faults.test_lines import ANALYSED, PRESSED, SAMPLED, UNPACKED, do
from tests.crm.production.orders import fire, line, planned, rework
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # 09:00 at the plant
kg = Decimal


@pytest.fixture
def at() -> datetime:
    return START


def who(role: str) -> Person:
    return Person.objects.holding(role).earliest("id")


def plates(count: int) -> list[FreezerLoad]:
    """Load a mix into each of the first plate freezers of line 1."""
    batch = batch_in_stock("carcass", kg(1000 * count), condition="chilled")
    order = planned([line(f"{1000 * count}", batch)], count)
    loads = []
    for number, mix in enumerate(order.mixes.order_by("index"), 1):
        freezer = Freezer.objects.get(kind="plate", number=number)
        load = load_plate_freezer(
            who("mixer_line_1"), at=timezone.localtime(), mix=mix, freezer=freezer
        )
        fire(mix, "discharge", who="mixer_line_1")
        fire(load, "load", who="mixer_line_1")
        loads.append(load)
    return loads


def shocked(number: int) -> FreezerLoad:
    """Load a pallet of pet-food into shocker 1."""
    rework("1000")
    mix = planned([line("1000")], 1, recipe=17, line_mode="line_2").mixes.get()
    write_off_mix(None, at=timezone.localtime(), mix=mix)
    Mix.objects.filter(pk=mix.pk).update(state="on_pallets", quality="passed", line=2)
    pallet = pallet_of_mix(who("mko_line_2_manager"), mix, number, timezone.localtime())
    Pallet.objects.filter(pk=pallet.pk).update(state="open")
    load = load_shocker(
        who("freezer_storekeeper"), at=timezone.localtime(),
        pallet=Pallet.objects.get(pk=pallet.pk),
        freezer=Freezer.objects.get(kind="shock", number=1), pallet_weight=kg("22"),
        gross=kg("812"), box_count=40, net=kg("726"),
    )  # fmt: skip
    fire(load, "load", who="freezer_storekeeper")
    return load


def test_the_five_earliest_loads_of_both_kinds_are_listed_the_overdue_ones_first_in_red(
    talker: Talker,
) -> None:
    shocker = shocked(14)  # due twelve hours later
    talker.after(minutes=30)
    loads = plates(4)
    talker.after(minutes=113)
    talker.say("packer", "/start", "[Ближайшая выгрузка]")
    shown = talker.phone("packer").screen.text
    first = f"Плиточник 1, замес {loads[0].mix}, в 12:00, осталось 00:37"
    assert first in shown
    assert shown.index(first) < shown.index("Шокер 1, паллет 14")
    assert [one.pk for one in nearest()] == [*(one.pk for one in loads), shocker.pk]
    talker.after(minutes=38)
    talker.say("packer", "/start", "[Ближайшая выгрузка]", "[Продолжить]")
    assert f"🔴 Плиточник 1, замес {loads[0].mix}, в 12:00, просрочено 00:01" in (
        talker.phone("packer").screen.text
    )
    assert talker.phone("packer").find("Выгрузить: Плиточник 1") is not None
    assert talker.phone("packer").find("Выгрузить раньше: Шокер 1, паллет 14") is not None


def test_a_temperature_that_nobody_measured_in_its_window_is_a_deviation_within_a_minute(
    talker: Talker,
) -> None:
    (load,) = plates(1)
    assert load.mix is not None
    talker.after(minutes=150 + 119)  # it was due after 150 and may stand for two hours more
    due = f"Готов к выгрузке: замес {load.mix}, плиточник 1, загружен 09:00"
    assert talker.phone("packer").sees(f"…{due}…")
    missed = Deviation.objects.filter(kind="missed_check")
    assert not missed.exists()
    talker.after(minutes=2)
    found = missed.get()
    assert (found.lot, found.state) == (load.mix.lot, "open")
    assert timedelta(0) <= found.asked_at - (START + timedelta(minutes=270)) <= timedelta(minutes=1)
    what = f"Температура в толще при выгрузке, Плиточник 1, замес {load.mix}"
    assert found.label == f"Проверка не сделана: {what}"
    for role in ("technologist", "quality_manager"):
        assert talker.phone(role).sees(f"❗ Проверка не сделана: {what}…Замес {load.mix}")
    talker.after(minutes=600)
    assert missed.get() == found  # still the one
    talker.say("technologist", "[Решить]", "Измерить при выгрузке")
    talker.say("packer", "[Выгрузить из плиточника]", "-19", "7", "[Готово]", "[Выгрузить]")
    talker.say(
        "packer", "/start", "[Исправлено]", "Измерили: −19", "{photo}", "[Подтвердить]",
        "[На подтверждение]",
    )  # fmt: skip
    talker.say("quality_manager", "[✅ Подтвердить]")
    found.refresh_from_db()
    assert (found.state, found.comment) == ("closed", "Измерить при выгрузке")
    assert len(found.pictures) == 1


def test_a_check_that_was_missed_while_the_program_stood_is_told_once(talker: Talker) -> None:
    plates(2)
    talker.clock.move(timedelta(hours=30))
    for _ in range(3):
        talker.sweep()
    kinds = Deviation.objects.filter(kind="missed_check")
    assert (kinds.count(), kinds.values("lot").distinct().count()) == (2, 2)
    told = Notice.objects.filter(person=who("quality_manager"), kind="message")
    assert told.count() == 2


@pytest.mark.parametrize("transition", ["freeze_more", "void"])
def test_a_missed_check_is_answered_for_whatever_becomes_of_the_load_and_stays_the_one(
    talker: Talker, transition: str
) -> None:
    (load,) = plates(1)
    talker.after(minutes=150 + 121)
    load.refresh_from_db()
    role = {"freeze_more": "packer", "void": "shift_lead"}[transition]
    fire(load, transition, who=role, reason="пустой плиточник")
    talker.after(minutes=240 + 121)  # frozen for four hours more and left standing again
    assert Deviation.objects.get(kind="missed_check").state == "open"
    assert Check.objects.get().state == "missed"


def test_nothing_frozen_is_said_in_words(talker: Talker) -> None:
    talker.say("packer", "/start", "[Ближайшая выгрузка]")
    assert "Нет загруженных паллетов" in talker.phone("packer").screen.text


def test_only_five_loads_are_shown(talker: Talker) -> None:
    loads = plates(6)
    assert [one.pk for one in nearest()] == [one.pk for one in loads[:5]]


def early(talker: Talker) -> FreezerLoad:
    """Ask to unload plate freezer 1 after an hour."""
    (load,) = plates(1)
    talker.after(minutes=60)
    talker.say("packer", "/start", "[Ближайшая выгрузка]", "[Выгрузить раньше: Плиточник 1]")
    talker.say("packer", "[Выгрузить раньше]", "Машина у ворот")
    return load


def test_a_load_leaves_early_when_the_technologist_permits_and_it_is_written_who_did(
    talker: Talker,
) -> None:
    load = early(talker)
    deviation = Deviation.objects.get()
    assert (deviation.kind, deviation.value, deviation.most) == ("early_unload", 90, 0)
    talker.say("technologist", "[✅ Разрешить]", "Срочный заказ")
    talker.after(minutes=5)  # the leave is for this load, whatever the clock says meanwhile
    talker.say("packer", "[Продолжить]", "[К выгрузке]", "-19", "7", "[Готово]", "[Выгрузить]")
    load.refresh_from_db()
    assert (load.state, load.early_approved_by) == ("unloaded", who("technologist"))
    assert load.mix is not None
    assert load.mix.state == "on_pallets"
    assert Pallet.objects.get().state == "unloaded"
    deviation.refresh_from_db()
    assert (deviation.state, deviation.lot) == ("approved", load.mix.lot)
    talker.after(minutes=120)
    assert not Task.objects.filter(kind="unload_plate").exists()


def test_the_temperature_inside_is_always_asked_for(talker: Talker) -> None:
    plates(1)
    shocked(14)
    for title, minutes in (("Выгрузить из плиточника", 151), ("Выгрузить из шокера", 570)):
        talker.after(minutes=minutes)
        phone = talker.say("packer", "/start", f"[{title}…]")
        assert "Температура в толще" in phone.screen.text
        assert phone.find("Пропустить") is None
        talker.say("packer", "-18", "/cancel")


def test_who_found_no_plate_freezer_and_left_is_told_when_one_is_free(talker: Talker) -> None:
    plates(7)
    batch = batch_in_stock("carcass", kg(1000), ("15.00", "13.50", "68.00"), "chilled")
    at_work(talker, batch, "350", 1)
    do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED)
    mixer = talker.say("mixer_line_1", "[Загрузить в плиточник]")
    assert mixer.sees("…Свободных плиточников линии нет. Ближайший освободится около…")
    assert mixer.screen.text.count("Список пуст") == 0
    talker.say("mixer_line_1", "[Главное меню]")
    said = "Освободился плиточник…"
    assert not mixer.sees(said)
    talker.after(minutes=151)
    talker.say("packer", "[Выгрузить из плиточника]", "-19", "7", "[Готово]", "[Выгрузить]")
    assert mixer.sees(said), mixer.described()
    mixer = talker.say(
        "mixer_line_1", "/tasks", "[⏱ Загрузить в плиточник…]", "[№ …]", "[Загрузить]"
    )
    assert mixer.sees("…в плиточнике № …"), mixer.described()


def test_a_load_that_may_not_leave_stays_until_it_is_due(talker: Talker) -> None:
    load = early(talker)
    talker.say("technologist", "[❌ Отклонить]", "Не проморожен")
    assert "Раньше нельзя" in talker.phone("packer").described()
    load.refresh_from_db()
    assert (load.state, load.early_approved_by) == ("freezing", None)
    with pytest.raises(Refused, match="Нужно разрешение"):
        fire(load, "unload_early", who="packer")
    talker.after(minutes=95)
    load.refresh_from_db()
    assert load.state == "due"


def test_a_load_that_became_due_while_it_waited_is_unloaded_as_any_other(talker: Talker) -> None:
    load = early(talker)
    talker.after(minutes=100)
    talker.say("technologist", "[✅ Разрешить]", "[Пропустить]")
    talker.say("packer", "[Продолжить]", "[К выгрузке]", "-19", "7", "[Готово]", "[Выгрузить]")
    load.refresh_from_db()
    assert load.state == "unloaded"
    assert Task.objects.get(kind="unload_plate").state == "done"


def test_a_warm_block_goes_back_and_its_leave_is_spent(talker: Talker) -> None:
    load = early(talker)
    talker.say("technologist", "[✅ Разрешить]", "[Пропустить]")
    talker.say("packer", "[Продолжить]", "[К выгрузке]", "-10")
    talker.say("technologist", "[❄ Вернуть на заморозку]", "Ещё четыре часа")
    load.refresh_from_db()
    assert (load.state, load.early_approved_by) == ("freezing", None)
    assert load.due_at == timezone.now() + timedelta(hours=4)
    talker.after(minutes=100)  # the first due time has passed
    load.refresh_from_db()
    assert load.state == "freezing"


def test_a_leave_that_nobody_gave_is_not_written(talker: Talker) -> None:
    (load,) = plates(1)
    load.refresh_from_db()
    with pytest.raises(Refused, match="только с разрешения"):
        approve_early(who("packer"), session=uuid4(), at=timezone.localtime(), load=load)


def test_the_temperature_inside_is_kept_with_the_limit_as_it_was(talker: Talker) -> None:
    plates(1)
    shocked(14)
    Pallet.objects.update(state="freezing")
    talker.after(minutes=151)
    talker.say("packer", "[Выгрузить из плиточника]", "-10")
    talker.say("technologist", "[✅ Выгрузить]", "Срочный заказ")
    talker.say("packer", "[Продолжить]", "7", "[Готово]", "[Выгрузить]")
    talker.after(minutes=570)
    talker.say("packer", "[Выгрузить из шокера]", "-18", "[Выгрузить]")
    warm, cold = Measurement.objects.order_by("at")
    plate, shock = FreezerLoad.objects.order_by("pk")
    assert plate.mix is not None
    assert shock.pallet is not None
    assert (warm.lot, cold.lot) == (plate.mix.lot, shock.pallet.lot)
    kept = [(one.name, one.value, one.most, one.limit_version, one.within) for one in (warm, cold)]
    assert kept == [
        ("core_temp", kg("-10"), kg("-18"), 1, False), ("core_temp", kg("-18"), kg("-18"), 1, True),
    ]  # fmt: skip
    assert warm.deviation == Deviation.objects.get(kind="core_temp")
    assert [one.core_temp_out for one in (plate, shock)] == [kg("-10"), kg("-18")]


@pytest.mark.parametrize("answer", ["nobody was asked", "open", "rejected"])
def test_a_warm_block_that_nobody_approved_is_not_unloaded_whatever_the_form_says(
    talker: Talker, answer: str
) -> None:
    load = shocked(14)
    talker.after(minutes=721)
    session, at = uuid4(), timezone.localtime()
    if answer != "nobody was asked":
        talker.say("packer", "[Выгрузить из шокера]", "-10")
        session = Deviation.objects.get().session
    if answer == "rejected":
        decided = {"decided_by": who("technologist"), "decided_at": at, "comment": "мягкий"}
        Deviation.objects.update(state=answer, **decided)
    load.refresh_from_db()
    with pytest.raises(Refused, match="В толще −10,0 °C: выгрузить можно только с разрешения"):
        unload_shocker(who("packer"), session=session, at=at, load=load, core_temp=kg("-10"))
    load.refresh_from_db()
    assert load.core_temp_out is None
