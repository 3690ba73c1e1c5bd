"""The checks of the plan on rows, by talking: their windows, what was found, what is done about it
(domain 4.43, 5.9, 14.3, 14.7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.bridge.standing import verify_work
from crm.catalogue.models import Freezer
from crm.ledger.models import StateHistory
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import FreezerLoad
from crm.quality.checks import title_of
from crm.quality.facts.check_norm import check_norm
from crm.quality.facts.checks_in import checks_in
from crm.quality.models import Check, Deviation, Hold, LimitVersion, Measurement
from crm.quality.operations.new_limit import new_limit
from crm.quality.operations.note_correction import note_correction
from crm.quality.operations.note_deviation import note_deviation
from crm.quality.operations.open_check import open_check
from crm.quality.operations.record_check import record_check
from crm.work.models import File, Task
from engine.errors import Refused
from engine.ports import Context
from engine.run.lives import SYSTEM_ACTOR
from tests.crm.faults.plant import at_work
from tests.crm.faults.test_lines import UNPACKED, do
from tests.crm.production.orders import fire
from tests.crm.production.pallets import photo, shipped, stocked
from tests.crm.production.stock import batch_in_stock
from tests.crm.production.test_unloading import plates, shocked
from tests.seeded import seed

pytestmark = pytest.mark.django_db
CARD = "[Сделать проверку]"
STORE = "Температура воздуха в камере 1"


@pytest.fixture
def clock(db: None, at: datetime) -> Iterator[PlantClock]:
    """The clock of a plant that begins to work at its moment: the plan counts from then."""
    with PlantClock(at) as clock:
        seed()
        yield clock


def who(role: str) -> Person:
    return Person.objects.holding(role).earliest("id")


def due(talker: Talker, number: int = 7) -> Check:
    """Put a pallet into the store and wait until the plan asks for its temperature."""
    stocked(number)
    talker.after(minutes=121)
    return Check.objects.get(limit="store_temperature")


def answered(talker: Talker, degrees: str) -> None:
    talker.say("storekeeper", CARD, degrees, "{photo}", "[Подтвердить]", "[Сохранить]")


def corrected(talker: Talker, role: str, words: str) -> None:
    """Say and show what was done about a check."""
    more = ("{photo}", "[Подтвердить]", "[На подтверждение]")
    talker.say(role, "/start", "[Исправлено]", words, *more)


def opened(limit: str, **more: object) -> Check:
    """Open a check of the plan at once."""
    given = {"entry": "temperature", "minutes": 60, **more}
    check = open_check(None, at=timezone.localtime(), by_limit=limit, **given)  # type: ignore[arg-type]
    system = Context(SYSTEM_ACTOR, "", timezone.localtime())
    DjangoOperations(program()).fire(row_of(check), "open", system)
    return Check.objects.get(pk=check.pk)


def read(check: Check, degrees: str) -> Check:
    """Make a check of the store or of a chamber without talking."""
    made = record_check(
        who("storekeeper"), session=uuid4(), at=timezone.localtime(), check=check,
        temperature=Decimal(degrees),
    )  # fmt: skip
    fire(made, "pass" if made.deviation is None else "fail", who="storekeeper")
    return made


def test_a_check_opens_by_the_plan_and_keeps_its_value_with_the_limit_of_then(
    talker: Talker,
) -> None:
    check = due(talker)
    phone = talker.phone("storekeeper")
    assert phone.sees(f"…Проверка ККТ: {STORE}. Норма −19…−17 °C (план ХАССП, L5). До…")
    talker.say("storekeeper", "/start", "[Проверки ККТ (1)]", f"[{STORE}…]")
    answered(talker, "-18,2")
    assert phone.sees("…Проверка сохранена: в пределах…")
    check.refresh_from_db()
    assert (check.state, check.made_by, check.deviation) == ("passed", who("storekeeper"), None)
    case = LimitVersion.objects.get(name="store_temperature")
    new_limit(
        who("technologist"), case=case, least=Decimal(-30), most=Decimal(-29), reason="опыт",
        at=timezone.localtime(),
    )  # fmt: skip
    kept = Measurement.objects.get(check_made=check)
    assert (kept.value, kept.least, kept.most, kept.within) == (Decimal("-18.2"), -19, -17, True)
    assert (kept.limit_version, kept.limit_source, kept.lot) == (1, "план ХАССП, L5", None)
    assert File.objects.get(kind="check").session == check.session
    day = (timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1))
    (shown,) = checks_in(day, "store_temperature metal_check")
    assert (shown["subject"], shown["value"], shown["version"]) == (STORE, Decimal("-18.2"), 1)
    assert not Task.objects.waiting().filter(kind="ccp_check").exists()


def test_a_check_is_called_in_the_language_of_who_reads_and_its_deviation_in_that_of_papers(
    talker: Talker,
) -> None:
    Person.objects.filter(pk=who("press_line_1").pk).update(language="en")
    check = opened("separation_temperature", line=1)
    talker.deliver()
    title = program().languages.say(title_of(check), "en")
    assert not re.search("[А-Яа-я]", title), title
    assert title.endswith(", line 1")
    norm = program().languages.say(check_norm(check), "en")
    assert norm.endswith("°C (HACCP plan, L3)"), norm
    phone = talker.phone("press_line_1")
    assert phone.sees(f"…{title}…"), phone.described()
    talker.say("press_line_1", "/start", "[CCP checks (1)]")
    assert title in phone.described()
    talker.clock.move(timedelta(minutes=61))
    talker.sweep()
    label = "Проверка не сделана: Температура сырья на сепарирование, линия 1"
    assert Deviation.objects.get().label == label


def test_nothing_is_asked_for_where_nothing_is(talker: Talker) -> None:
    talker.after(minutes=300)
    assert not Check.objects.exists()


def test_who_may_make_it_is_reminded_at_half_of_the_window(talker: Talker) -> None:
    due(talker)
    said = f"⏰ Прошла половина времени на проверку: {STORE}. До…"
    assert not talker.phone("storekeeper").sees(said)
    talker.after(minutes=30)
    assert talker.phone("storekeeper").sees(said)
    assert not Deviation.objects.exists()


def test_a_window_in_which_nobody_came_is_a_deviation_within_a_minute(talker: Talker) -> None:
    check = due(talker)
    talker.after(minutes=58)
    assert not Deviation.objects.exists()
    talker.after(minutes=2)
    found = Deviation.objects.get()
    assert (found.kind, found.state, found.asked_by) == ("missed_check", "open", None)
    assert found.label == f"Проверка не сделана: {STORE}"
    check.refresh_from_db()
    assert timedelta(0) <= found.asked_at - check.closes_at <= timedelta(minutes=1)
    assert (check.state, check.deviation) == ("missed", found)
    for role in ("technologist", "quality_manager"):
        said = f"❗ Проверка не сделана: {STORE}…Паллет 7 от…"
        assert talker.phone(role).sees(said), talker.phone(role).described()
    assert not Task.objects.waiting().filter(kind="ccp_check").exists()


def test_a_deviation_of_a_check_closes_only_when_another_person_has_verified(
    talker: Talker,
) -> None:
    check = due(talker)
    answered(talker, "-16,4")
    check.refresh_from_db()
    found = Deviation.objects.get()
    assert (check.state, check.deviation, found.kind) == ("failed", found, "ccp")
    assert (found.value_text, found.least, found.most) == ("−16,4 °C", -19, -17)
    assert Measurement.objects.get().deviation == found
    assert not Hold.objects.exists()  # above −15.0 alone spoils what lies there
    with pytest.raises(Refused):
        fire(check, "decide", who="quality_manager", reason="продукт цел")
    talker.say("technologist", "[Решить]", "Продукт цел, закрыть дверь")
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("correcting", who("technologist"))
    assert talker.phone("storekeeper").sees(f"…{STORE}…решил(а): Продукт цел, закрыть дверь…")
    corrected(talker, "storekeeper", "Дверь закрыта")
    check.refresh_from_db()
    found.refresh_from_db()
    assert (check.state, found.state) == ("verifying", "verifying")
    with pytest.raises(Refused):
        fire(check, "verify", who="technologist")
    talker.say("quality_manager", "[↩ Переделать]", "Измерьте ещё раз")
    found.refresh_from_db()
    assert found.state == "correcting"
    corrected(talker, "technologist", "Измерили: −18")
    talker.say("quality_manager", "[✅ Подтвердить]")
    found.refresh_from_db()
    check.refresh_from_db()
    assert (check.state, found.state) == ("closed", "closed")
    assert (found.decided_by, found.comment) == (
        who("technologist"), "Продукт цел, закрыть дверь"
    )  # fmt: skip
    assert (check.corrected_by, check.correction) == (who("technologist"), "Измерили: −18")
    assert (check.verified_by, len(found.pictures)) == (who("quality_manager"), 2)
    led = ["decide", "correct", "send_back", "correct", "verify"]
    for record, key, before in (("check", check.pk, ["open", "fail"]),
                                ("deviation", found.pk, ["request"])):  # fmt: skip
        steps = StateHistory.objects.filter(record=record, record_id=str(key)).order_by("pk")
        assert list(steps.values_list("transition", flat=True)) == before + led
    said = steps.values_list("by__full_name", "reason")
    assert (who("storekeeper").full_name, "Дверь закрыта") in said
    assert not Task.objects.waiting().filter(subject="check").exists()


def test_in_each_state_that_waits_a_task_asks_somebody_about_the_deviation(talker: Talker) -> None:
    due(talker)
    answered(talker, "-16,4")
    steps: dict[str, Callable[[], object]] = {
        "open": lambda: talker.say("technologist", "[Решить]", "Закрыть дверь"),
        "correcting": lambda: corrected(talker, "storekeeper", "Закрыта"),
        "verifying": lambda: talker.say("quality_manager", "[✅ Подтвердить]"),
    }
    for state, step in steps.items():
        assert Deviation.objects.unfinished().get().state == state
        assert unasked() == 0
        with transaction.atomic():
            Task.objects.waiting().filter(subject="check").delete()
            assert unasked() == 1, state
            transaction.set_rollback(True)
        step()
    assert not Deviation.objects.unfinished().exists()


def unasked() -> int:
    """Return how many deviations `verify-ledger` finds that nobody is asked about."""
    return next(one.count for one in verify_work(program()) if one.title.startswith("Отклонения"))


def test_a_correction_needs_a_photo_and_is_kept_once(talker: Talker) -> None:
    check, session = due(talker), uuid4()
    answered(talker, "-16,4")
    check.refresh_from_db()
    given: dict[str, Any] = {"session": session, "at": timezone.localtime(), "check": check}
    with pytest.raises(Refused, match="нужно фото"):
        note_correction(who("storekeeper"), photo=[], **given)
    for _ in range(2):
        note_correction(who("storekeeper"), photo=[photo()], **given)
    assert len(Deviation.objects.get().pictures) == 1


def test_who_corrected_does_not_verify_it_himself_whatever_roles_he_has(talker: Talker) -> None:
    both = who("quality_manager")
    save_person(
        None, person=both, full_name=both.full_name, roles=["quality_manager", "technologist"],
        telegram_id=both.telegram_id,
    )  # fmt: skip
    check = due(talker)
    talker.after(minutes=61)
    talker.say("technologist", "[Решить]", "Измерить")
    corrected(talker, "quality_manager", "Измерили после обеда")
    with pytest.raises(Refused):
        fire(check, "verify", who="quality_manager")
    check.refresh_from_db()
    assert (check.state, check.corrected_by) == ("verifying", both)


def test_a_check_is_made_once_by_whom_the_plan_names_and_with_its_photo(talker: Talker) -> None:
    check = due(talker)
    with pytest.raises(Refused, match="нужно фото"):
        read(check, "-18")
    check.photo = False
    with pytest.raises(Refused):
        fire(check, "pass", who="press_line_1")
    read(check, "-18")
    with pytest.raises(Refused, match="уже не делают: в пределах"):
        read(Check.objects.get(), "-18")
    assert Measurement.objects.count() == 1


def test_the_lines_are_checked_every_hour_while_they_work_and_a_bad_one_holds_what_passed_since(
    talker: Talker,
) -> None:
    order = at_work(talker, batch_in_stock("carcass", Decimal(1000), condition="chilled"))
    do(talker, UNPACKED)
    talker.after(minutes=60)
    assert set(Check.objects.values_list("point", flat=True)) == {
        "separation_temperature/1", "metal_check/1"
    }  # fmt: skip
    talker.say("press_line_1", CARD, "3,9", "[Сохранить]")
    assert not Hold.objects.exists()
    talker.say("mixer_line_1", CARD, "[❌ Не в порядке]", "Сталь 3,5 прошла", "[Сохранить]")
    assert Deviation.objects.get().value_text == "Сталь 3,5 прошла"
    pressed = order.mixes.get(index=1)  # the second is being unpacked: it has not been there yet
    (hold,) = Hold.objects.all()
    assert (hold.lot, hold.kind, hold.placed_by) == (pressed.lot, "ccp", who("mixer_line_1"))
    assert hold.reason.startswith("Металлодетектор, образцы Fe 2,0, цветной 2,5, сталь 3,5 мм, ли")


def test_what_left_the_line_before_the_last_good_check_is_not_held(talker: Talker) -> None:
    (load,) = plates(1)
    mix = load.mix
    assert mix is not None
    talker.after(minutes=10)
    first = opened("metal_check", entry="count", line=1)
    mixer, at = who("mixer_line_1"), timezone.localtime()
    record_check(mixer, session=uuid4(), at=at, check=first, count=0)
    fire(first, "pass", who="mixer_line_1")
    talker.after(minutes=10)
    second = opened("metal_check", entry="count", line=1)
    record_check(mixer, session=uuid4(), at=timezone.localtime(), check=second, count=1)
    fire(second, "fail", who="mixer_line_1")
    assert not Hold.objects.filter(lot=mix.lot).exists()


WARM = pytest.mark.parametrize(
    ("second", "degrees", "held"),
    [
        (21, "-14.9", True),
        (20, "-14.9", False),  # more than 20 minutes, not 20
        (21, "-15.0", False),  # above −15.0, not at it
    ],
)


@WARM
def test_what_lay_in_a_store_that_was_warm_for_more_than_20_minutes_is_held(
    talker: Talker, second: int, degrees: str, held: bool
) -> None:
    pallet = stocked(7)
    read(opened("store_temperature"), "-14.9")
    assert not Hold.objects.exists()
    talker.after(minutes=second)
    read(opened("store_temperature"), degrees)
    found = [(one.lot, one.kind, one.placed_by) for one in Hold.objects.all()]
    assert found == ([(pallet.lot, "core_temp", who("storekeeper"))] if held else [])


def test_a_good_reading_between_two_warm_ones_begins_the_time_anew(talker: Talker) -> None:
    stocked(7)
    for degrees in ("-14", "-18", "-14"):
        read(opened("store_temperature"), degrees)
        talker.after(minutes=15)
    assert not Hold.objects.exists()
    read(opened("store_temperature"), "-14")
    talker.after(minutes=10)
    read(opened("store_temperature"), "-14")  # 25 minutes after the first of the three
    assert Hold.objects.get().kind == "core_temp"


def test_all_that_was_in_the_warm_store_is_held_also_what_came_meanwhile_or_has_left(
    talker: Talker,
) -> None:
    before, left, stays = stocked(1), stocked(2), stocked(3)
    shipped(before)
    talker.after(minutes=5)
    read(opened("store_temperature"), "-10")
    talker.after(minutes=10)
    shipped(left)
    came = stocked(4)
    talker.after(minutes=15)
    read(opened("store_temperature"), "-10")
    held = set(Hold.objects.filter(kind="core_temp").values_list("lot", flat=True))
    assert held == {left.lot_id, stays.lot_id, came.lot_id}
    later = stocked(5)
    talker.after(minutes=15)
    read(opened("store_temperature"), "-10")
    assert Hold.objects.filter(kind="core_temp").count() == 4
    assert Hold.objects.filter(lot=later.lot).exists()


def test_a_warm_store_is_measured_again_in_21_minutes_though_nobody_asks(talker: Talker) -> None:
    stocked(7)
    read(opened("store_temperature"), "-14")
    assert Check.objects.latest("id").state == "waiting"
    talker.after(minutes=20)
    assert not Task.objects.waiting().filter(kind="ccp_check").exists()
    talker.after(minutes=2)
    again = Check.objects.latest("id")
    assert (again.state, again.point) == ("due", "store_temperature/")
    talker.say("storekeeper", CARD, "-14", "[Сохранить]")
    assert Hold.objects.get().kind == "core_temp"
    assert talker.phone("quality_manager").sees(f"❗ Вне пределов: {STORE}…")


def test_a_warm_chamber_holds_what_froze_in_it_then_and_nothing_of_the_others(
    talker: Talker,
) -> None:
    load, other = shocked(14), stocked(7)
    chamber, next_one = Freezer.objects.filter(kind="shock").order_by("number")[:2]
    for _ in range(2):
        read(opened("store_temperature", freezer=chamber), "-14")
        read(opened("store_temperature", freezer=next_one), "-14")
        talker.after(minutes=21)
    assert load.pallet is not None
    assert set(Hold.objects.values_list("lot", flat=True)) == {load.pallet.lot_id}
    assert other.lot_id != load.pallet.lot_id
    hold = Hold.objects.get()
    assert hold.reason.startswith(f"{STORE}, Шокер 1: ОТК-2026-")


def test_what_was_taken_out_of_a_chamber_before_it_was_warm_is_not_held(talker: Talker) -> None:
    load = shocked(14)
    FreezerLoad.objects.filter(pk=load.pk).update(state="unloaded", unloaded_at=timezone.now())
    talker.after(minutes=1)
    for _ in range(2):
        read(opened("store_temperature", freezer=load.freezer), "-14")
        talker.after(minutes=21)
    assert not Hold.objects.exists()


def test_what_stood_between_the_two_lives_is_led_on_by_the_migration(talker: Talker) -> None:
    check = due(talker)
    answered(talker, "-16,4")
    talker.say("technologist", "[Решить]", "Закрыть дверь")
    corrected(talker, "storekeeper", "Закрыта")
    Check.objects.update(title=f"{STORE}, Шокер 1, линия", line=1)
    # As before: the check alone had gone on.
    nobody = {"decided_by": None, "decided_at": None, "comment": ""}
    Deviation.objects.update(state="open", **nobody)
    (load,) = plates(1)
    assert load.mix is not None
    of_load = note_deviation(
        None, lot=load.mix.lot, kind="missed_check", label="в толще", value="пусто",
        session=uuid4(), at=timezone.localtime(), limit="core_temperature",
    )  # fmt: skip
    import_module("crm.quality.migrations.0013_checks_led").led(apps, None)
    check.refresh_from_db()
    assert check.title == f"{STORE}, Шокер 1"
    found = Deviation.objects.get(check_of=check)
    assert (found.state, found.decided_by, found.comment) == (
        "verifying", who("storekeeper"), "Закрыта"
    )  # fmt: skip
    of_load.refresh_from_db()
    assert of_load.state == "withdrawn"
    assert StateHistory.objects.filter(record_id=str(of_load.pk), reason__gt="").count() == 1
    talker.say("quality_manager", "[✅ Подтвердить]")
    found.refresh_from_db()
    assert found.state == "closed"
