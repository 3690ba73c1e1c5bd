"""A request for access as a task of administrators, on rows (domain 4.2, 9.2), by talking."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from crm.bridge.operations import DjangoOperations
from crm.bridge.people import DjangoPeople
from crm.bridge.program import program
from crm.ledger.models import StateHistory
from crm.outbox.models import Notice
from crm.people.models import AccessRequest, Person
from crm.people.operations.bind import bind
from crm.people.operations.invite import invite
from crm.people.operations.save_person import save_person
from crm.plant.talker import Talker
from crm.work.models import Task
from engine.errors import Refused
from tests.crm.production.orders import fire

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # 09:00 at the plant
STRANGER = 777
TASK = "[Запрос доступа]"


@pytest.fixture
def at() -> datetime:
    return START


@pytest.fixture
def newcomer(talker: Talker) -> Person:
    return save_person(None, person=None, full_name="Зорин К. Д.", roles=["storekeeper"])


def asked(talker: Talker) -> AccessRequest:
    talker.say(STRANGER, "/start", "[Запросить доступ]", "Зимин, склад")
    talker.deliver()
    return AccessRequest.objects.get()


def test_a_stranger_is_let_in_by_an_administrator_in_the_chat(
    talker: Talker, newcomer: Person
) -> None:
    request = asked(talker)
    assert talker.phone("administrator").sees("Просит доступ: Зимин, склад. Чат 777")
    talker.say("administrator", TASK, "[Дать доступ]", "[Зорин К. Д.]", "[Сохранить]")
    newcomer.refresh_from_db()
    request.refresh_from_db()
    administrator = Person.objects.holding("administrator").get()
    assert newcomer.telegram_id == STRANGER
    assert (request.state, request.person, request.decided_by) == (
        "bound", newcomer, administrator,
    )  # fmt: skip
    assert Task.objects.get(kind="access_request").state == "done"
    assert talker.phone(STRANGER).sees("Доступ дан. Нажмите /start")
    assert talker.phone("administrator").sees("Зорин К. Д. подключился(лась)")
    assert talker.say(STRANGER, "/start").sees("…Главное меню…")


def test_a_code_of_who_was_let_in_by_an_administrator_works_no_more(
    talker: Talker, newcomer: Person
) -> None:
    code = invite(None, person=newcomer, at=timezone.localtime())
    asked(talker)
    talker.say("administrator", TASK, "[Дать доступ]", "[Зорин К. Д.]", "[Сохранить]")
    assert bind(None, chat_id=STRANGER + 1, code=code, at=timezone.localtime()).person is None
    newcomer.refresh_from_db()
    assert newcomer.telegram_id == STRANGER


def test_a_request_that_waits_is_reminded_after_8_hours_and_escalated_after_24(
    talker: Talker,
) -> None:
    request = asked(talker)
    talker.after(minutes=8 * 60 + 1)
    assert talker.phone("administrator").sees("…Ждёт 480 мин…")
    assert not talker.phone("shift_lead").sees("…Просит доступ…")
    talker.after(minutes=16 * 60)
    assert talker.phone("shift_lead").sees("…Просит доступ: Зимин, склад…")
    talker.say("administrator", TASK, "[Отклонить]", "[Сохранить]")
    request.refresh_from_db()
    assert (request.state, request.person) == ("declined", None)
    assert not Task.objects.waiting().filter(kind="access_request").exists()


def test_a_plant_whose_forms_have_no_lifecycle_of_it_answers_in_the_office(
    talker: Talker, newcomer: Person
) -> None:
    ours = program()
    others = {name: one for name, one in ours.lifecycles.items() if name != AccessRequest.RECORD}
    bare = replace(ours, lifecycles=others)
    people = DjangoPeople(DjangoOperations(bare), bare)
    now, administrator = timezone.localtime(), Person.objects.holding("administrator").get()
    assert people.ask_access(STRANGER, "Зимин, склад", now) is None
    request = AccessRequest.objects.get(state="open")
    people.decide(administrator, request, newcomer, now)
    request.refresh_from_db()
    assert (request.state, request.decided_at) == ("bound", now)
    assert people.actor(STRANGER) is not None


def test_a_code_typed_meanwhile_ends_the_request_and_its_task(
    talker: Talker, newcomer: Person
) -> None:
    request = asked(talker)
    code = invite(None, person=newcomer, at=timezone.now())
    talker.say(STRANGER, code)
    talker.deliver()
    request.refresh_from_db()
    assert (request.state, request.person, request.decided_by) == ("bound", newcomer, None)
    assert Task.objects.get(kind="access_request").state == "cancelled"
    told = [one.plain_text for one in Notice.objects.filter(role="administrator")]
    assert told.count("Зорин К. Д. подключился(лась)") == 1


def test_who_is_let_in_from_the_office_is_told_of_to_administrators(
    talker: Talker, newcomer: Person
) -> None:
    request = asked(talker)
    clerk = save_person(None, person=None, full_name="Офис О. О.")
    people = DjangoPeople(DjangoOperations(program()), program())
    people.decide(clerk, request, newcomer, timezone.now())
    talker.deliver()
    assert talker.phone("administrator").sees("Зорин К. Д. подключился(лась)")


def test_a_request_is_not_granted_before_it_is_said_to_whom(talker: Talker) -> None:
    request = asked(talker)
    with pytest.raises(Refused, match="Сначала выберите, чей это чат"):
        fire(request, "bind", who="administrator")
    request.refresh_from_db()
    assert request.state == "open"


def test_who_answers_in_the_office_ends_the_task_in_the_chat(talker: Talker) -> None:
    request = asked(talker)
    clerk = save_person(None, person=None, full_name="Офис О. О.")
    people = DjangoPeople(DjangoOperations(program()), program())
    people.decide(clerk, request, None, timezone.now())
    talker.say("administrator", TASK)
    assert talker.phone("administrator").toast == "Уже сделано: Офис О. О., 09:00"
    assert Task.objects.get(kind="access_request").state == "done"
    last = StateHistory.objects.filter(record="access_request").latest("id")
    assert (last.transition, last.by) == ("decline", clerk)


def test_five_wrong_codes_are_told_to_administrators(talker: Talker) -> None:
    talker.say(STRANGER, *["НЕВЕРНЫЙ"] * 5)
    talker.deliver()
    assert talker.phone("administrator").sees("Пять неверных кодов: чат 777 закрыт на 1 час")
