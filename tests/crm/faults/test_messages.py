"""X1, X4, X12, X17, X18, X32, X33: messages that are lost, old, forged, or of another form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from crm.bridge.program import program
from crm.bridge.standing import verify_work
from crm.ledger.models import StateHistory
from crm.outbox.models import Notice
from crm.people.operations.save_person import save_person
from crm.plant.talker import Talker
from crm.production.models import Blank, Pallet, Place, RawBatch
from engine.model.conversation import Input
from tests.crm.faults.plant import another, at_work, button, kept, states, waiting, who
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
STRANGER = 8_777_777


@pytest.mark.parametrize("permanent", [True, False])
def test_a_message_that_never_comes_holds_up_no_work_and_its_task_is_listed(
    talker: Talker, carcass: RawBatch, permanent: bool
) -> None:
    order = new_order([line("900", carcass)], 3, recipe=2)
    fire(order, "plan")
    for letter in talker.ports.outbox.claim(timezone.now(), 100):
        talker.ports.outbox.failed(
            letter.id, "blocked", timezone.now(), after_s=None, permanent=permanent
        )
    assert not Notice.objects.filter(state="sent").exists()
    assert not talker.phone("unpacker_line_1").letters
    assert states(order) == ["unpacking", "queued", "queued"]
    phone = talker.say("unpacker_line_1", "/tasks")
    assert phone.sees(f"[Растарка замеса {order.number}/1…]"), phone.described()
    talker.say("unpacker_line_1", f"[Растарка замеса {order.number}/1…]", "[Замес растарен]")
    assert states(order) == ["pressing", "unpacking", "queued"]


@contextmanager
def breaking(word: str) -> Iterator[list[str]]:
    """Let the first statement that holds a word fail as a database fails; give the ones before."""
    done: list[str] = []

    def _breaks(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if word in sql:
            raise OperationalError("disk I/O error")
        done.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(_breaks):
        yield done


def test_an_error_in_the_middle_of_the_work_leaves_the_button_usable(
    talker: Talker, carcass: RawBatch
) -> None:
    order = at_work(talker, carcass)
    pressed = button(talker.phone("unpacker_line_1"), "Замес растарен")
    before = kept()
    with breaking('INSERT INTO "ledger_statehistory"') as done, pytest.raises(OperationalError):
        talker.arrive("unpacker_line_1", data=pressed)
    # Its station is left; on PostgreSQL the record moves by the statement that broke.
    writes = ("UPDATE", "DELETE", "INSERT")
    assert any(sql.startswith(writes) for sql in done), "nothing was done before it broke"
    assert (kept(), states(order)) == (before, ["unpacking", "queued", "queued"])
    talker.arrive("unpacker_line_1", data=pressed)
    assert states(order) == ["pressing", "unpacking", "queued"]


def test_a_card_of_two_days_ago_still_does_its_work(talker: Talker, carcass: RawBatch) -> None:
    order = at_work(talker, carcass)
    pressed = button(talker.phone("unpacker_line_1"), "Замес растарен")
    talker.after(minutes=49 * 60)
    talker.arrive("unpacker_line_1", data=pressed)
    assert states(order) == ["pressing", "unpacking", "queued"]


HAND = ("/start", "[Принять]", "[Принять МКО]", "[Сегодня]", "77", "[Без происхождения]")
LEFT_EARLY = {
    "acceptance": ("storekeeper", *HAND, "40", "340,5", "22", "18,5", "{photo}", "[Продолжить]"),
    "shocker": (
        *("freezer_storekeeper", "/start", "[Заморозка МКО2]", "31", "21", "40", "812"),
        *("[Вся смена]", "[№ 1…]"),
    ),
    "intake": (
        *("receiver", "/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "Хвосты"),
        *("[Создать]", "[Каркас ЦБ]", "[Замороженное]", "{photo}", "{photo}", "-18,5"),
    ),
    "blank": ("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "500"),
}


@pytest.mark.parametrize("form", LEFT_EARLY)
@pytest.mark.parametrize("way_out", ["/cancel", "/start"])
def test_a_form_that_is_left_early_leaves_no_record(
    talker: Talker, form: str, way_out: str
) -> None:
    batch_in_stock("carcass", Decimal(1000))
    person, *things = LEFT_EARLY[form]
    before = kept()
    phone = talker.say(person, *things)
    assert phone.sees("[✖ Отмена]"), phone.described()
    talker.say(person, way_out, *(["[Да, отменить]"] if way_out == "/cancel" else []))
    assert kept() == before


def test_a_palletizing_that_is_left_gives_back_place_and_task_and_keeps_no_weight(
    talker: Talker, carcass: RawBatch
) -> None:
    unloaded(talker, carcass)
    before = kept(but=["StateHistory"])
    phone = talker.say("storekeeper", "[Начать палетирование и маркировку]", "40", "962,5")
    assert Pallet.objects.get().state == "palletizing", phone.described()
    assert Place.objects.filter(resource="palletizing").exists()
    assert [found for found in verify_work(program()) if found.count] == []
    talker.say("storekeeper", "/cancel", "[Да, отменить]")
    pallet = Pallet.objects.get()
    assert (kept(but=["StateHistory"]), pallet.state, pallet.gross) == (before, "unloaded", None)
    (task,) = waiting("palletize")
    assert (task.state, task.person) == ("open", None)
    other = another("storekeeper")
    phone = talker.say(other.telegram_id or 0, "/tasks", "[Паллетирование и маркировка…]")
    assert phone.sees("…Количество блоков…"), phone.described()


def test_a_weighing_that_is_left_gives_its_task_back(talker: Talker) -> None:
    batch_in_stock("carcass", Decimal(1000))
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "500")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    talker.say("storekeeper", "[Ввести фактический вес сырья]", "510")
    (task,) = waiting("weigh_blank")
    assert task.state == "claimed"
    talker.say("storekeeper", "/cancel", "[Да, отменить]")
    (task,) = waiting("weigh_blank")
    assert (task.state, task.person, Blank.objects.get().state) == ("open", None, "weighing")
    talker.say("storekeeper", "/tasks", "[Взвесить заготовку…]", "[Как в плане]", "[Сохранить]")
    assert Blank.objects.get().state == "unpacking"


def unloaded(talker: Talker, batch: RawBatch) -> None:
    """Lead one mix through the plate freezer: its pallet waits to be weighed."""
    at_work(talker, batch, "1000", 1)
    to_the_mixer(talker)
    talker.say("lab", "[Начать анализ]", "15", "13,5", "68", "[Сохранить]")
    talker.say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]", "[Загрузить]")
    talker.after(minutes=151)
    talker.say("packer", "[Выгрузить из плиточника]", "-19", "7", "[Готово]", "[Выгрузить]")


def to_the_mixer(talker: Talker) -> None:
    """Lead the mix of line 1 into the laboratory."""
    talker.say("unpacker_line_1", "[Замес растарен]")
    talker.say("press_line_1", "[Просепарировано]")
    talker.say("mixer_line_1", "[Перемешивание и анализ]")


def test_who_lost_the_role_does_nothing_by_his_old_button(
    talker: Talker, carcass: RawBatch
) -> None:
    order = at_work(talker, carcass)
    unpacker = who("unpacker_line_1")
    pressed = button(talker.phone("unpacker_line_1"), "Замес растарен")
    save_person(None, person=unpacker, full_name=unpacker.full_name, roles=["packer"],
                telegram_id=unpacker.telegram_id)  # fmt: skip
    assert unpacker.telegram_id is not None
    phone = talker.arrive(unpacker.telegram_id, data=pressed)
    assert states(order) == ["unpacking", "queued", "queued"]
    assert phone.toast, "a press without an answer"


def test_a_button_of_anothers_phone_does_nothing(talker: Talker, carcass: RawBatch) -> None:
    order = at_work(talker, carcass)
    pressed = button(talker.phone("unpacker_line_1"), "Замес растарен")
    menu = button(talker.say("receiver", "/start"), "Новая партия")
    before = kept()
    for thief in ("packer", "press_line_1", "technologist", STRANGER):
        for data in (pressed, menu, pressed[:-1] + "9", "x" * 64):
            talker.arrive(thief, data=data)
    assert (states(order), kept()) == (["unpacking", "queued", "queued"], before)
    assert not StateHistory.objects.filter(transition="finish_unpacking").exists()


def test_an_unknown_chat_sees_no_menu_no_number_and_no_name(
    talker: Talker, carcass: RawBatch
) -> None:
    at_work(talker, carcass)
    pressed = button(talker.phone("unpacker_line_1"), "Замес растарен")
    menu = button(talker.say("receiver", "/start"), "Новая партия")
    seen = set()
    for what in (
        {"command": "start"}, {"command": "tasks"}, {"command": "help"}, {"data": menu},
        {"data": pressed}, {"given": Input.text("2211/3")}, {"given": Input.text("Главное меню")},
        {"given": Input.text("1 OR 1=1")},
    ):  # fmt: skip
        phone = talker.arrive(STRANGER, **what)
        seen |= {phone.described()}
    said = "\n".join(seen)
    assert "Введите код приглашения" in said
    for secret in ("2211/3", "Ф2211", "Каркас", "Новая партия", "Дроздов", "Орлова"):
        assert secret not in said, said


def test_a_task_pressed_over_another_form_is_asked_about_and_both_are_done(
    talker: Talker, carcass: RawBatch
) -> None:
    order = at_work(talker, carcass, "1000", 1)
    mixer = save_person(None, person=who("mixer_line_1"), full_name="Снегирёв Л. К.",
                        roles=["mixer_line_1", "receiver"], telegram_id=9_000_016)  # fmt: skip
    to_the_mixer(talker)
    talker.say("lab", "[Начать анализ]", "15", "13,5", "68", "[Сохранить]")
    chat = mixer.telegram_id or 0
    phone = talker.say(chat, "/start", "[Новая партия]", "[ООО «Учебная компания 1»]")
    assert phone.sees("…Выберите вид сырья…"), phone.described()
    phone = talker.say(chat, "[Загрузить в плиточник]")
    assert phone.sees("Отложить «Новая партия» и открыть задачу?"), phone.described()
    talker.say(chat, "[Отложить]", "[№ 1]", "[Загрузить]")
    assert states(order) == ["in_plate_freezer"]
    phone = talker.say(chat, "[Продолжить]")
    assert phone.sees("…Выберите вид сырья…"), "the form that was put off did not return"
