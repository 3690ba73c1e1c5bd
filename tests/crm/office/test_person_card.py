"""The card of a person: what he may, has to do, did, corrected, and when he came in."""

from __future__ import annotations

import html
import re
from datetime import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.audit.operations.overwrite import Why, overwrite
from crm.catalogue.models import Supplier
from crm.ledger.operations.move_state import move_state
from crm.people.models import Person, SignIn
from crm.people.operations.invite import invite
from crm.people.operations.save_person import save_person
from crm.production.models import Blank
from crm.work.models import Chat, Session, Task
from tests.crm.office.conftest import member
from tests.crm.office.floor import a_blank
from tests.crm.production.pallets import kg
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def worker(db: None) -> Person:
    desk = User.objects.create_user("zimin", is_staff=True)
    return save_person(
        None, person=None, full_name="Зимин К. Д.", roles=["storekeeper", "lab"],
        telegram_id=987_654_321, user=desk,
    )  # fmt: skip


def address(person: Person) -> str:
    return f"/admin/people/person/{person.pk}/card/"


def seen(client: Client, person: Person) -> tuple[str, str]:
    """Return a card as words and as it is."""
    text = html.unescape(client.get(address(person)).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)), text


def weighed(worker: Person, at: datetime, number: int = 7) -> Blank:
    """A blank that he weighed."""
    blank = a_blank(number, batch_in_stock("carcass", kg("900"), condition="chilled"))
    move_state(blank, "weigh", sources=["planned"], to="weighed", by=worker, at=at)
    return blank


def a_task(title: str, blank: Blank, worker: Person | None, at: datetime, state: str) -> Task:
    ended = at if state == "done" else None
    return Task.objects.create(
        kind=title, title=title, subject="blank", subject_id=str(blank.pk), role="storekeeper",
        person=worker, state=state, created_at=at, taken_at=at, ended_at=ended,
    )  # fmt: skip


def test_each_number_of_a_card_leads_to_the_tasks_that_it_counts(
    office: Client, worker: Person, at: datetime
) -> None:
    blank, other = weighed(worker, at), save_person(None, person=None, full_name="Иной И. И.")
    for title, whose, state in (
        ("взята", worker, "claimed"), ("чужая", other, "claimed"), ("сделана", worker, "done"),
        ("ждёт", None, "open"),
    ):  # fmt: skip
        a_task(title, blank, whose, at, state)
    a_task("ждёт лабораторию", blank, None, at, "open")
    Task.objects.filter(title="ждёт лабораторию").update(role="", roles=["lab", "receiver"])
    a_task("ждёт других", blank, None, at, "open")
    Task.objects.filter(title="ждёт других").update(role="packer")
    _words, page = seen(office, worker)
    figure = r'<a href="(/admin/work/task/[^"]+)"><span>([^<]+)</span><b[^>]*>(\d+)'
    found = re.findall(figure, page)
    told = {}
    for link, label, count in found:
        rows = office.get(link).context["cl"].result_list
        assert len(rows) == int(count), label
        told[label] = {one.title for one in rows}
    assert told == {
        "Задачи сейчас": {"взята"}, "Сделано задач": {"сделана"},
        "Ждут его ролей": {"ждёт", "ждёт лабораторию"},
    }  # fmt: skip


def test_a_card_tells_his_roles_his_chat_and_his_account(office: Client, worker: Person) -> None:
    Chat.objects.create(chat_id=987_654_321, person=worker, token="t1")
    Chat.objects.create(chat_id=111_222, person=worker, token="t0")
    words, page = seen(office, worker)
    assert "Зимин К. Д. Работает Лаборатория, Кладовщик" in words
    assert "987654321 привязан" in words
    assert "111222 прежний" in words
    assert f'href="/admin/auth/user/{worker.user_id}/change/"' in page


def test_a_card_tells_what_he_has_to_do_and_what_he_did(
    office: Client, worker: Person, at: datetime
) -> None:
    blank = weighed(worker, at)
    now = a_task("Взвесить вторую", blank, worker, at, "claimed")
    done = a_task("Взвесить первую", blank, worker, at, "done")
    a_task("Ждёт кладовщика", blank, None, at, "open")
    words, page = seen(office, worker)
    assert "Задачи сейчас 1 Ждут его ролей 1 Сделано задач 1" in words
    assert re.search(r"Задачи сейчас Задача .* Взвесить вторую", words)
    assert re.search(r"Сделанные задачи .* Взвесить первую", words)
    for task in (now, done):
        assert f'href="/admin/work/task/{task.pk}/change/"' in page
    assert f"Заготовка {blank} Запланирована → Взвешена" in words
    assert f'href="/admin/production/blank/{blank.pk}/change/"' in page


def test_a_card_tells_his_forms_his_corrections_and_when_he_came_in(
    office: Client, worker: Person, at: datetime
) -> None:
    chat = Chat.objects.create(chat_id=987_654_321, person=worker, token="t1")
    session = Session.objects.create(
        id="01234567-0123-4123-8123-0123456789ab", chat=chat, person=worker, flow="raw_intake",
        digest="d", state="saved", result="Партия 2211/3 зарегистрирована", started_at=at,
        updated_at=at, ended_at=at,
    )  # fmt: skip
    supplier = Supplier.objects.create(name="Птицефабрика", tax_no="1")
    overwrite(supplier, {"tax_no": "7701234567"}, Why(worker, at, "опечатка"))
    SignIn.objects.create(account=worker.user, outcome="entered", address="10.0.0.7", at=at)
    assert worker.user is not None
    LogEntry.objects.create(
        user=worker.user, object_repr="О-1", action_flag=2, change_message="Применено: правка"
    )
    words, page = seen(office, worker)
    assert "Новая партия Сохранена Партия 2211/3 зарегистрирована" in words
    assert f'href="/admin/work/session/{session.pk}/change/"' in page
    assert "Птицефабрика ИНН: 1 → 7701234567 опечатка" in words
    assert f'href="/admin/catalogue/supplier/{supplier.pk}/change/"' in page
    assert "Вход 10.0.0.7" in words
    assert "О-1 Применено: правка" in words


def test_links_to_a_person_lead_to_the_card_and_the_card_to_the_form(
    office: Client, worker: Person
) -> None:
    listed = office.get("/admin/people/person/?q=ЗИМИН").content.decode()
    assert f'href="{address(worker)}' in listed
    _words, page = seen(office, worker)
    assert f'class="office-button" href="/admin/people/person/{worker.pk}/change/"' in page
    sent = {"full_name": "Зимин К. Д.", "language": "ru", "roles": ["lab"]}
    saved = office.post(f"/admin/people/person/{worker.pk}/change/", sent)
    assert saved["Location"] == address(worker)


def test_a_reader_sees_the_card_and_no_way_to_change_it(worker: Person) -> None:
    auditor = member("auditor", "Аудитор")
    words, page = seen(auditor, worker)
    assert ("Лаборатория, Кладовщик" in words, "Изменить" in words) == (True, False)
    assert f"/admin/people/person/{worker.pk}/invite/" not in page
    assert member("clerk", "Отдел отгрузки").get(address(worker)).status_code == 403


def test_a_card_of_nobody_leads_to_the_list(office: Client) -> None:
    answer = office.get("/admin/people/person/999999/card/")
    assert answer["Location"] == "/admin/people/person/"
    assert office.post("/admin/people/person/999999/card/").status_code == 405


def test_a_card_costs_the_same_for_who_did_much(
    office: Client, worker: Person, at: datetime
) -> None:
    def price() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address(worker)).status_code == 200
        return len(queries)

    invite(worker, person=worker, at=at)
    blank = weighed(worker, at)
    a_task("Первая", blank, worker, at, "done")
    alone = price()
    for number in range(5):
        a_task(f"Ещё {number}", weighed(worker, at, number), worker, at, "claimed")
    assert price() == alone <= 12
