"""X2, X3, X6, X8, X34, X61, X64, X67: what happens on the lines, whatever is pressed and broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.ledger.models import Balance, Event, Reservation, StateHistory
from crm.plant.talker import Talker
from crm.production.models import MincedOrder, MixUse, Place, RawBatch
from crm.work.models import Task
from engine.errors import Refused
from tests.crm.faults.plant import another, at_work, button, states, waiting
from tests.crm.production.orders import fire, line, new_order, rework
from tests.crm.production.test_order_changes import changed

pytestmark = pytest.mark.django_db
UNPACKED = ("unpacker_line_1", "[Замес растарен]")
PRESSED = ("press_line_1", "[Просепарировано]")
SAMPLED = ("mixer_line_1", "[Перемешивание и анализ]")
ANALYSED = ("lab", "[Начать анализ]", "15", "13,5", "68", "[Сохранить]")
FAILED = ("lab", "[Начать анализ]", "25", "13,5", "60", "[Сохранить]")
# Where a mix of line 1 stands after so much work, and the button that its crew then has.
STAGES: dict[str, tuple[tuple[tuple[str, ...], ...], str, str]] = {
    "unpacking": ((), "unpacker_line_1", "Замес растарен"),
    "pressing": ((UNPACKED,), "press_line_1", "Просепарировано"),
    "mixing": ((UNPACKED, PRESSED), "mixer_line_1", "Перемешивание и анализ"),
    "in_lab": ((UNPACKED, PRESSED, SAMPLED), "lab", "Начать анализ"),
    "lab_decision": ((UNPACKED, PRESSED, SAMPLED, FAILED), "technologist", "Повторный анализ"),
    "ready_to_discharge": (
        (UNPACKED, PRESSED, SAMPLED, ANALYSED), "mixer_line_1", "Загрузить в плиточник",
    ),
}  # fmt: skip


def do(talker: Talker, *acts: tuple[str, ...]) -> None:
    for person, *things in acts:
        talker.say(person, *things)


def test_a_longer_queue_costs_the_dispatcher_no_more_questions(
    talker: Talker, carcass: RawBatch
) -> None:
    def questions(mixes: int) -> int:
        with transaction.atomic():
            at_work(talker, carcass, mixes=mixes)
            talker.sweep()
            with CaptureQueriesContext(connection) as asked:
                talker.sweep()
            transaction.set_rollback(True)
        return len(asked)

    few = questions(3)
    assert few <= 45
    assert questions(6) == few


def test_a_station_is_free_by_its_place_alone_whatever_the_history_says(
    talker: Talker, carcass: RawBatch
) -> None:
    order = at_work(talker, carcass)
    first, second, _ = order.mixes.order_by("index")
    now = timezone.localtime()
    said = {"record": "mix", "from_state": "unpacked", "to_state": "pressing", "at": now}
    # An extra row: mix 2 seems to be under the press, mix 1 to have left the plant.
    StateHistory.objects.create(record_id=str(second.pk), transition="start_press", **said)
    StateHistory.objects.create(record_id=str(first.pk), transition="finish", **said)
    do(talker, UNPACKED)
    assert states(order) == ["pressing", "unpacking", "queued"]
    # A missing row: the place of a freezer of the office's making has no history at all.
    Place.objects.filter(resource="press_line_1").update(record_id=str(second.pk + 1))
    do(talker, UNPACKED)
    assert states(order) == ["pressing", "unpacked", "unpacking"]


def test_a_final_button_pressed_five_times_by_two_people_counts_once(
    talker: Talker, carcass: RawBatch
) -> None:
    mate = another("unpacker_line_1").telegram_id or 0
    order = at_work(talker, carcass)
    own = button(talker.phone("unpacker_line_1"), "Замес растарен")
    his = button(talker.phone(mate), "Замес растарен")
    toasts = []
    for chat, data in ((mate, his), ("unpacker_line_1", own), (mate, his),
                       ("unpacker_line_1", own), ("unpacker_line_1", own)):  # fmt: skip
        toasts.append(talker.arrive(chat, data=data).toast)
    assert states(order) == ["pressing", "unpacking", "queued"]
    assert StateHistory.objects.filter(transition="finish_unpacking").count() == 1
    assert all("Уже сделано: Новиков" in toast for toast in toasts[1:]), toasts


def test_a_form_saved_five_times_from_two_phones_writes_off_once_and_lets_one_mix_on(
    talker: Talker, carcass: RawBatch
) -> None:
    mate = another("mixer_line_1").telegram_id or 0
    order = at_work(talker, carcass)
    do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED, UNPACKED, PRESSED)
    assert states(order) == ["ready_to_discharge", "pressed", "unpacking"]
    card = button(talker.phone(mate), "Загрузить в плиточник")
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]")
    save = button(talker.phone("mixer_line_1"), "Загрузить")
    talker.arrive(mate, data=card)
    for _ in range(5):
        talker.arrive("mixer_line_1", data=save)
        talker.arrive(mate, data=card)
    assert states(order) == ["in_plate_freezer", "mixing", "unpacking"]
    assert Event.objects.filter(kind="discharge").count() == 1
    assert MixUse.objects.get().kg == Decimal(300)


@pytest.mark.parametrize("stage", STAGES)
def test_a_cancelled_order_frees_station_stock_task_and_button(
    talker: Talker, carcass: RawBatch, stage: str
) -> None:
    order = at_work(talker, carcass, "900", 2)
    acts, person, title = STAGES[stage]
    do(talker, *acts)
    assert states(order)[0] == stage
    pressed = button(talker.phone(person), title)
    assert Place.objects.exists()
    fire(order, "cancel", "ошибка плана")
    talker.deliver()
    assert set(states(order)) == {"cancelled"}
    assert not Place.objects.exists()
    assert not Reservation.objects.filter(kg__gt=0).exists()
    assert Balance.objects.get(lot=carcass.lot, account="raw_store").reserved == 0
    mine = [task.kind for task in waiting_of(order)]
    assert mine == []
    phone = talker.arrive(person, data=pressed)
    assert "Задача снята" in phone.toast, phone.described()
    assert set(states(order)) == {"cancelled"}


def waiting_of(order: MincedOrder) -> list[Task]:
    """Return the tasks that wait for the mixes of an order."""
    mixes = [str(pk) for pk in order.mixes.values_list("pk", flat=True)]
    return list(Task.objects.waiting().filter(subject="mix", subject_id__in=mixes))


def test_an_order_that_has_left_the_mixer_in_part_cannot_be_cancelled(
    talker: Talker, carcass: RawBatch
) -> None:
    order = at_work(talker, carcass, "900", 2)
    do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED)
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]", "[Загрузить]")
    before = list(Place.objects.values_list("resource", "record_id"))
    with pytest.raises(Refused, match="уже выгружен"):
        fire(order, "cancel", "ошибка плана")
    assert list(Place.objects.values_list("resource", "record_id")) == before


def test_a_mix_that_breaks_holds_up_no_other_of_its_queue(
    talker: Talker, carcass: RawBatch
) -> None:
    broken = at_work(talker, carcass, "900", 2)
    sound = at_work(talker, carcass, "800", 2, "line_2")
    second = broken.mixes.get(index=2)

    def breaks(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        if 'INSERT INTO "work_task"' in sql and {"unpack_mix", str(second.pk)} <= set(
            map(str, params)
        ):
            raise DatabaseError("no task for this one")
        return execute(sql, params, *rest)

    with connection.execute_wrapper(breaks):
        do(talker, UNPACKED)
        assert states(broken) == ["pressing", "queued"]
        talker.say("unpacker_line_2", "[Замес растарен]")
        assert states(sound) == ["pressing", "unpacking"]
        later = at_work(talker, carcass, "300", 1)
        talker.after(minutes=5)
        assert states(broken) == ["pressing", "queued"]
        assert states(later) == ["unpacking"]
    talker.say("unpacker_line_1", "[Замес растарен]")
    assert states(broken) == ["pressing", "unpacking"]


def test_a_changed_composition_touches_no_mix_that_left_the_mixer(
    talker: Talker, carcass: RawBatch
) -> None:
    order = at_work(talker, carcass, "1200", 4)
    do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED)
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]", "[Загрузить]")
    talker.after(minutes=151)
    talker.say("packer", "[Выгрузить из плиточника]", "-19", "7", "[Готово]", "[Выгрузить]")
    do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED)
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 2]", "[Загрузить]")
    assert states(order) == ["on_pallets", "in_plate_freezer", "unpacking", "queued"]
    used = list(MixUse.objects.order_by("id").values_list("mix_id", "kg"))
    for index in (1, 2):
        with pytest.raises(Refused, match="выдать заново нельзя"):
            changed(order, 4, {0: "1400"}, order.mixes.get(index=index))
    third = order.mixes.get(index=3)
    changed(order, 4, {0: "1400"}, third)
    assert states(order)[:2] == ["on_pallets", "in_plate_freezer"]
    assert list(MixUse.objects.order_by("id").values_list("mix_id", "kg")) == used
    assert {mix.remake for mix in order.mixes.filter(index__lte=2)} == {False}
    with pytest.raises(Refused, match="меньше нельзя"):
        changed(order, 4, {0: "599.999"})


def test_messages_of_a_joint_order_go_to_the_crew_of_the_line_of_each_mix(
    talker: Talker, carcass: RawBatch
) -> None:
    order = at_work(talker, carcass, "900", 3, "both")
    for number in (1, 2):
        other = 3 - number
        said = f"Обе, линия – {number} …Партия {order.number}…"
        assert talker.phone(f"unpacker_line_{number}").sees(said)
        talker.say(f"unpacker_line_{number}", "[Замес растарен]")
        assert talker.phone(f"press_line_{number}").sees(said)
        talker.say(f"press_line_{number}", "[Просепарировано]")
        talker.say(f"mixer_line_{number}", "[Перемешивание и анализ]")
        for role in ("unpacker", "press", "mixer"):
            assert not talker.phone(f"{role}_line_{number}").sees(f"Обе, линия – {other} …")
    second = order.mixes.get(line=2, state="in_lab")
    talker.say("lab", "/start", "[Лаборатория (замесы)]", "[▶]", "[Начать анализ]")
    talker.say("lab", "25", "13,5", "60", "[Сохранить]")
    wait = f"Замес {second}: ФХП вне нормы, ждите решения технолога"
    assert talker.phone("mixer_line_2").sees(wait)
    assert not talker.phone("mixer_line_1").sees(wait)


def test_joint_work_joins_the_order_that_was_chosen_and_no_other(
    talker: Talker, carcass: RawBatch
) -> None:
    alone = at_work(talker, carcass, "300", 1, "line_2")
    first = at_work(talker, carcass, "600", 2)
    second = at_work(talker, carcass, "600", 2)
    # The number of the first is the beginning of the second's: who looks by text takes the first.
    MincedOrder.objects.filter(pk=second.pk).update(number=f"{first.number}0")
    for person, *things in (UNPACKED, PRESSED, SAMPLED):
        talker.say(person.replace("1", "2"), *things)
    do(talker, ANALYSED)
    talker.say("mixer_line_2", "[Загрузить в плиточник]", "[№ 8]", "[Загрузить]")
    assert states(alone) == ["in_plate_freezer"]
    phone = talker.say("technologist", "[✅ Да]")
    assert phone.sees(f"[{first.number}0…]"), phone.described()
    talker.say("technologist", f"[{first.number}0…]", "[Сохранить]")
    modes = dict(MincedOrder.objects.values_list("pk", "line_mode"))
    assert (modes[first.pk], modes[second.pk]) == ("line_1", "both")


def test_the_task_of_the_packer_comes_when_the_freezing_is_over_and_not_before(
    talker: Talker, carcass: RawBatch
) -> None:
    at_work(talker, carcass, "900", 1)
    do(talker, UNPACKED, PRESSED, SAMPLED, ANALYSED)
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]", "[Загрузить]")
    loaded = talker.clock.now()
    talker.after(minutes=149, seconds=59)
    assert (waiting("unload_plate"), talker.phone("packer").letters) == ([], {})
    talker.after(seconds=2)
    (task,) = waiting("unload_plate")
    assert timedelta(minutes=150) <= task.created_at - loaded < timedelta(minutes=151)
    assert talker.phone("packer").sees("[Выгрузить из плиточника]")


def test_pet_food_of_line_2_is_the_managers_at_every_station(talker: Talker) -> None:
    rework("1000")
    order = new_order([line("900")], 2, recipe=17, line_mode="line_2")
    fire(order, "plan")
    talker.deliver()
    for title in ("Замес растарен", "Просепарировано", "Перемешивание и анализ"):
        talker.say("mko_line_2_manager", f"[{title}]")
    assert states(order) == ["in_lab", "queued"]
    for role in ("unpacker_line_2", "press_line_2", "mixer_line_2", "unpacker_line_1"):
        assert not talker.phone(role).letters
