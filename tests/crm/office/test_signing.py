"""Commands of the office that a second person confirms or declines (domain 5, rule 8; 9.2)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.http import QueryDict
from django.test import Client
from django.utils.timezone import localtime

from crm.bridge.people import actor_of
from crm.bridge.retention import forget
from crm.bridge.tasks import DjangoTasks
from crm.ledger.models import Event
from crm.office.correction import Given
from crm.office.models import Asked
from crm.office.recount import recount
from crm.office.rights import actor_in_office
from crm.office.signing import ask, confirm
from crm.outbox.models import Notice
from crm.people.operations.save_person import person_of
from crm.production.models import RawBatch
from crm.work.models import Task
from engine.errors import Refused
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import OFFICE, address, correct, person, words
from tests.crm.office.test_corrections_of_books import LEAD, QUALITY, page, stock
from tests.crm.production.pallets import kg, now, who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def batch(seeded: None) -> RawBatch:
    return batch_in_stock("carcass", kg(2000), ("17.00", "13.00", "67.00"), "chilled")


def test_a_large_difference_waits_for_a_second_person_who_sees_the_same(batch: RawBatch) -> None:
    one, two = member("one", OFFICE), member("two", OFFICE)
    assert "Нужен второй человек" in correct(one, batch, "recount", "show", counted="1900")
    told = Notice.objects.count()
    assert "Ждёт второго человека" in correct(one, batch, "recount", "apply", counted="1900")
    assert Notice.objects.count() > told
    assert stock(batch) == kg(2000)
    mine = page(one, batch, "recount")
    assert "Отозвать" in mine
    assert "Подтверждает другой человек" in correct(one, batch, "recount", "confirm")
    seen = page(two, batch, "recount")
    assert "Корректировка 100,000" in seen
    correct(two, batch, "recount", "confirm")
    assert stock(batch) == kg(1900)
    event = Event.objects.get(kind="adjust")
    assert (event.by, event.reason) == (person("one"), "ошибка в плане (two)")
    assert Asked.objects.get().answered_by == person("two")


def test_an_account_that_the_first_person_makes_for_himself_confirms_nothing(
    batch: RawBatch, office: Client
) -> None:
    correct(office, batch, "recount", "apply", counted="1900")
    secret = "очень-длинный-пароль-7"
    made = {
        "username": "double",
        "password1": secret,
        "password2": secret,
        "usable_password": "true",  # pragma: allowlist secret
    }
    assert office.post("/admin/auth/user/add/", made).status_code == 302
    double = User.objects.get(username="double")
    double.is_staff = True
    double.save()
    double.groups.add(Group.objects.get(name=OFFICE))
    other = Client()
    other.force_login(double)
    refused = "Нужен другой человек: Админ Админов за последние 30 дней"
    assert refused in page(other, batch, "recount")
    assert refused in correct(other, batch, "recount", "confirm")
    assert stock(batch) == kg(2000)
    assert Asked.objects.get().answered_at is None
    assert f"Не подтверждено: {refused}" in LogEntry.objects.latest("pk").change_message
    correct(member("two", OFFICE), batch, "recount", "confirm")
    assert stock(batch) == kg(1900)


def test_the_second_person_confirms_what_he_sees_or_looks_again(batch: RawBatch) -> None:
    one, two = member("one", OFFICE), member("two", OFFICE)
    correct(one, batch, "recount", "apply", counted="1900")
    found = re.search(r'name="seen" value="([^"]+)"', two.get(address(batch, "recount")).text)
    assert found is not None
    correct(member("three", QUALITY), batch, "sample", "apply", kg="20")
    assert "Запись изменилась" in correct(two, batch, "recount", "confirm", seen=found[1])
    assert stock(batch) == kg(1980)
    assert Asked.objects.get().answered_at is None
    assert Task.objects.get(kind="countersign").state == "open"


def test_a_large_difference_in_slices_waits_for_a_second_person_too(batch: RawBatch) -> None:
    one = member("one", OFFICE)
    correct(one, batch, "recount", "apply", counted="1960")
    assert "Нужен второй человек" in correct(one, batch, "recount", "show", counted="1920")
    correct(one, batch, "recount", "apply", counted="1920")
    assert stock(batch) == kg(1960)
    assert Asked.objects.get().answered_at is None
    counted = {"step": "apply", "store": "raw_store", "reason": "посчитали ещё раз"}
    seen = one.post("/admin/stocktake/", {**counted, f"lot_{batch.lot_id}": "1920"})
    assert "Разница 80,000 кг больше 50 кг" in words(seen.content.decode())
    one.post("/admin/stocktake/", {**counted, f"lot_{batch.lot_id}": "1990"})  # 10 kg of 2 000
    assert stock(batch) == kg(1990)


def test_a_declined_command_changes_nothing_and_may_be_given_anew(batch: RawBatch) -> None:
    one, two = member("one", OFFICE), member("two", OFFICE)
    correct(one, batch, "recount", "apply", counted="1900")
    assert "Укажите причину" in correct(two, batch, "recount", "decline", declined="нет")
    assert Asked.objects.get().answered_at is None
    why = "сначала взвесим ещё раз"
    assert f"Отклонено: Исправить остаток: {why}" in correct(
        two, batch, "recount", "decline", declined=why
    )
    asked = Asked.objects.get()
    assert (asked.confirmed, asked.declined) == (False, why)
    told = Notice.objects.get(event=f"answered:{asked.pk}")
    assert told.person == person("one")
    assert why in str(told.plain_text)
    assert stock(batch) == kg(2000)
    assert "Сколько есть на самом деле" in page(one, batch, "recount")


def test_who_asked_takes_it_back_and_who_confirms_tells_him(batch: RawBatch) -> None:
    one, two = member("one", OFFICE), member("two", OFFICE)
    correct(one, batch, "recount", "apply", counted="1900")
    correct(one, batch, "recount", "decline")
    taken_back = Asked.objects.get()
    assert taken_back.confirmed is False
    assert not Notice.objects.filter(event=f"answered:{taken_back.pk}").exists()
    correct(one, batch, "recount", "apply", counted="1900")
    correct(two, batch, "recount", "confirm")
    told = Notice.objects.get(event=f"answered:{Asked.objects.latest('pk').pk}")
    assert "Подтверждено: Исправить остаток" in str(told.plain_text)


def test_the_second_person_has_a_task_with_its_times_and_the_first_has_not(batch: RawBatch) -> None:
    one, two = member("one", OFFICE), member("two", OFFICE)
    correct(one, batch, "recount", "apply", counted="1900")
    task = Task.objects.get(kind="countersign")
    assert (task.state, task.roles) == ("open", ["production_office"])
    assert task.title == f"Подтвердить «Исправить остаток»: {batch}"
    minutes = [
        at and (at - task.created_at).total_seconds() / 60 for at in (task.warn_at, task.breach_at)
    ]
    assert minutes == [15, 45]
    others = replace(actor_of(who("production_office")), roles=frozenset({"production_office"}))
    first = replace(others, id=str(person("one").pk))
    seen = [[one.id for one in DjangoTasks().open_for(actor, now())] for actor in (first, others)]
    assert seen == [[], [str(task.pk)]]
    told = Notice.objects.filter(event=f"task:{task.pk}:0")
    assert person("one").pk not in told.values_list("person", flat=True)
    assert not {act for row in told for _title, act, *_ in row.buttons} & {"sign", "unsign"}
    assert f'href="{address(batch, "change")}"' in one.get(address(task, "change")).text
    lead = member("lead", LEAD)
    assert "закроет ответ второго человека" in correct(lead, task, "cancel", "apply")
    correct(two, batch, "recount", "decline", declined="сначала взвесим")
    task.refresh_from_db()
    assert (task.state, task.why) == ("cancelled", "сначала взвесим")
    correct(one, batch, "recount", "apply", counted="1900")
    correct(one, batch, "recount", "decline")
    correct(one, batch, "recount", "apply", counted="1900")
    correct(two, batch, "recount", "confirm")
    ended = Task.objects.filter(kind="countersign").order_by("pk").values_list("state", "why")
    assert [*ended][1:] == [("cancelled", "просьба отозвана"), ("done", "")]
    assert Task.objects.latest("pk").person == person("two")


def test_what_waits_for_a_second_person_is_on_the_start_page_of_who_may_answer(
    batch: RawBatch,
) -> None:
    one, two = member("one", OFFICE), member("two", OFFICE)
    asks = "Ждут второго человека"
    assert asks not in one.get("/admin/").content.decode()
    correct(one, batch, "recount", "apply", counted="1900")
    for client in (one, two):
        seen = client.get("/admin/").content.decode()
        assert asks in seen
        assert f'href="{address(batch, "recount")}"' in seen
    assert asks not in member("three", QUALITY).get("/admin/").content.decode()
    correct(two, batch, "recount", "confirm")
    assert asks not in two.get("/admin/").content.decode()


def test_the_same_asked_for_by_two_at_once_is_kept_once(batch: RawBatch) -> None:
    by, correction = who("technologist"), recount(["released"])
    given = Given(by, actor_in_office(by), now(), uuid4(), "посчитали ещё раз")
    ask("production_rawbatch", batch, correction, given, QueryDict())
    with pytest.raises(Refused, match="Об этом уже попросили"):
        ask("production_rawbatch", batch, correction, replace(given, session=uuid4()), QueryDict())
    assert Asked.objects.count() == 1


def test_what_nobody_confirms_in_a_week_is_over_told_and_may_be_asked_for_anew(
    batch: RawBatch,
) -> None:
    correct(member("one", OFFICE), batch, "recount", "apply", counted="1900")
    asked, begun = Asked.objects.get(), now()
    with time_machine.travel(begun + Asked.LASTS - timedelta(minutes=1)):
        assert f"Просьба действует до {localtime(asked.ends_at):%d.%m.%Y %H:%M}" in page(
            member("two", OFFICE), batch, "recount"
        )
    late = begun + Asked.LASTS + timedelta(minutes=1)
    with time_machine.travel(late):
        three, four = member("three", OFFICE), member("four", OFFICE)
        correct(three, batch, "recount", "confirm")
        assert stock(batch) == kg(2000)
        third = person_of(User.objects.get(username="three"))
        with pytest.raises(Refused, match="больше не действует"):
            confirm(asked, recount(["released"]), batch, third, late)
        assert forget(late)["commands that nobody confirmed"] == 1
        assert forget(late)["commands that nobody confirmed"] == 0
        asked.refresh_from_db()
        assert (asked.confirmed, asked.answered_by) == (False, None)
        task = Task.objects.get(kind="countersign")
        assert (task.state, task.why) == ("cancelled", "никто не подтвердил за 7 дней")
        told = Notice.objects.get(event=f"answered:{asked.pk}")
        assert told.person == person("one")
        assert "никто не подтвердил за 7 дней: Подтвердить «Исправить остаток»" in told.plain_text
        correct(three, batch, "recount", "apply", counted="1900")
        correct(four, batch, "recount", "confirm")
    assert stock(batch) == kg(1900)


def test_who_asks_again_before_the_night_ends_what_was_over(batch: RawBatch) -> None:
    one = member("one", OFFICE)
    correct(one, batch, "recount", "apply", counted="1900")
    with time_machine.travel(now() + Asked.LASTS + timedelta(minutes=1)):
        two = member("two", OFFICE)
        correct(two, batch, "recount", "apply", counted="1800")
    assert [*Asked.objects.order_by("pk").values_list("confirmed", flat=True)] == [False, None]
