"""«Помощь» and stopped stations on rows (domain 4.38, 6.6), by talking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.fact import Line
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.capacity import stations
from crm.production.freezers import with_free
from crm.production.models import MincedOrder, Mix, Stop, Waiting
from crm.production.operations.start_station import start_station
from crm.production.operations.stop_station import stop_station
from crm.production.stops import station
from crm.work.models import File, HelpRequest, Task
from crm.work.operations.ask_help import ask_help
from engine.errors import Refused
from engine.model.files import FileRef
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # 09:00 at the plant
kg = Decimal


@pytest.fixture
def at() -> datetime:
    return START


def who(role: str) -> Person:
    return Person.objects.holding(role).earliest("id")


def ordered(line_mode: str = "line_1", mixes: int = 2) -> MincedOrder:
    """Plan an order; its first mix is issued to the unpacker."""
    batch = batch_in_stock("carcass", kg(2000), condition="chilled")
    order = new_order([line("2000", batch)], mixes, line_mode=line_mode)
    fire(order, "plan")
    return order


def photo() -> FileRef:
    return FileRef(f"problem/{uuid4()}", "a" * 64, 10, "image/jpeg", "p.jpg")


def test_help_from_a_task_names_the_task_the_role_and_the_station(talker: Talker) -> None:
    ordered()
    talker.deliver()
    talker.say("unpacker_line_1", "[Помощь]", "[Нет сырья]", "[Пропустить]", "[Пропустить]")
    talker.say("unpacker_line_1", "[Отправить]")
    request = HelpRequest.objects.get()
    assert (request.state, request.station) == ("open", "unpack_line_1")
    assert request.task is not None
    assert request.task.kind == "unpack_mix"
    shown = "Дроздов Н. И., Растарщик первой линии, Растарка линии 1: Нет сырья. Задача: Растарка…"
    assert talker.phone("shift_lead").sees(shown)
    assert talker.phone("technologist").sees(shown)


def test_who_comes_and_what_is_answered_reaches_the_author(talker: Talker) -> None:
    talker.say("lab", "/start", "[Помощь]", "[Не понимаю задание]", "Какой прибор?", "[Пропустить]")
    talker.say("lab", "[Отправить]")
    talker.say("shift_lead", "[Иду]")
    assert talker.phone("lab").sees("Идёт Рогов М. Ф.")
    request = HelpRequest.objects.get()
    assert (request.state, request.going_by) == ("going", who("shift_lead"))
    talker.say("technologist", "[Ответить]", "Второй слева")
    assert talker.phone("lab").sees("…: Второй слева")
    talker.say("technologist", "[Решено]")
    request.refresh_from_db()
    assert (request.state, request.answer) == ("solved", "Второй слева")
    assert request.ended_at is not None
    assert not Task.objects.waiting().filter(kind="help").exists()


def test_the_leads_are_reminded_after_five_minutes_and_the_director_told_after_ten(
    talker: Talker,
) -> None:
    talker.say("lab", "/start", "[Помощь]", "[Нет сырья]", "[Пропустить]", "[Пропустить]")
    talker.say("lab", "[Отправить]")
    talker.after(minutes=5.5)
    assert talker.phone("shift_lead").sees("⏰ Ждёт 5 мин…")
    assert not talker.phone("director").sees("Никто не отозвался 10 мин…")
    talker.after(minutes=5)
    assert talker.phone("director").sees("Никто не отозвался 10 мин. Лапина О. В., Лаборатория…")


def test_whom_somebody_helps_is_no_case_for_the_director(talker: Talker) -> None:
    talker.say("lab", "/start", "[Помощь]", "[Нет сырья]", "[Пропустить]", "[Пропустить]")
    talker.say("lab", "[Отправить]")
    talker.say("shift_lead", "[Иду]")
    talker.after(minutes=15)
    assert not talker.phone("director").sees("Никто не отозвался 10 мин…")


def test_only_the_author_takes_his_request_back(talker: Talker) -> None:
    talker.say("lab", "/start", "[Помощь]", "[Нет сырья]", "[Пропустить]", "[Пропустить]")
    talker.say("lab", "[Отправить]")
    request = HelpRequest.objects.get()
    with pytest.raises(Refused, match="другая роль"):
        fire(request, "withdraw")
    talker.say("lab", "[Уже не нужно]")
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_one_session_asks_once_and_its_photos_stay_with_it(talker: Talker) -> None:
    session, now, shot = uuid4(), timezone.localtime(), photo()
    first, again = (
        ask_help(who("lab"), session=session, at=now, topic="no_raw", photo=[shot])
        for _ in range(2)
    )
    assert first == again
    assert File.objects.get(session=session).key == shot.key


def test_another_matter_must_be_told_in_words(talker: Talker) -> None:
    with pytest.raises(Refused, match="Опишите"):
        ask_help(who("lab"), session=uuid4(), at=timezone.localtime(), topic="other", text=" ")


def test_a_breakdown_stops_the_station_and_the_next_mix_waits_until_it_is_started(
    talker: Talker,
) -> None:
    order = ordered()
    talker.deliver()
    talker.say("unpacker_line_1", "[Помощь]", "[Поломка]", "[Остановить станцию]")
    talker.say("unpacker_line_1", "Порвалась лента", "[Пропустить]", "[Отправить]")
    stop = Stop.objects.get()
    assert (stop.resource, stop.reason) == ("unpack_line_1", "Поломка: Порвалась лента")
    assert talker.phone("shift_lead").sees("Растарка линии 1: остановлена. Дроздов Н. И.")
    talker.say("unpacker_line_1", "[Замес растарен]")  # what is inside goes on
    second = order.mixes.get(index=2)
    assert second.state == Mix.State.QUEUED
    why = Waiting.objects.get(record="mix", record_id=str(second.pk)).why
    assert why == "ждёт: растарка линии 1 остановлена: Поломка: Порвалась лента"
    talker.after(minutes=12)
    talker.say("shift_lead", "[Пустить]", "[Растарка линии 1: Поломка…]", "[Пустить]")
    second.refresh_from_db()
    assert second.state == Mix.State.UNPACKING
    stop.refresh_from_db()
    assert stop.ended_by == who("shift_lead")
    assert stop.ended_at is not None
    assert stop.ended_at - stop.at >= timedelta(minutes=12)


def test_a_joint_order_goes_round_a_line_that_stands(talker: Talker) -> None:
    stop_station(
        who("technologist"), session=uuid4(), at=timezone.localtime(),
        station=station("unpack_line_1"), reason="Мойка",
    )  # fmt: skip
    order = ordered("both", mixes=1)
    assert order.mixes.get().line == 2


def test_a_stopped_freezer_is_not_offered(talker: Talker) -> None:
    assert "plate_freezers/3" in stations()
    talker.say("shift_lead", "/start", "[Станции]", "[Остановить]")
    talker.say("shift_lead", "Плиточник 3", "Гудит", "[Остановить]")
    offered = [one.number for one, _ in with_free("plate")]
    assert 3 not in offered
    assert 4 in offered


def test_of_two_who_stop_a_station_the_later_is_told_who_was_first(talker: Talker) -> None:
    one: Line = station("press_line_1")
    now = timezone.localtime()
    session = uuid4()
    stop_station(who("shift_lead"), session=session, at=now, station=one, reason="Гудит")
    stop_station(who("shift_lead"), session=session, at=now, station=one, reason="Гудит")
    with pytest.raises(Refused, match=r"уже стоит: Гудит. Остановил\(а\) Рогов М. Ф."):
        stop_station(who("technologist"), session=uuid4(), at=now, station=one, reason="Мойка")
    assert Stop.objects.count() == 1
    ended = uuid4()
    start_station(who("technologist"), session=ended, at=now, station=one)
    start_station(who("technologist"), session=ended, at=now, station=one)
    with pytest.raises(Refused, match="уже пущена"):
        start_station(who("shift_lead"), session=uuid4(), at=now, station=one)
    stop_station(who("technologist"), session=uuid4(), at=now, station=one, reason="Мойка")
    assert Stop.objects.count() == 2


def test_a_station_that_the_forms_do_not_name_is_not_stopped(talker: Talker) -> None:
    with pytest.raises(Refused, match="Такой станции больше нет"):
        stop_station(
            who("technologist"), session=uuid4(), at=timezone.localtime(),
            station=station("sauna"), reason="Мойка",
        )  # fmt: skip
