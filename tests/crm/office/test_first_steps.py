"""An empty plant leads its administrator by the hand, and empty lists say what to do."""

from __future__ import annotations

import html
import re
from uuid import uuid4

import pytest
from django.contrib.admin import site
from django.test import Client

from crm.catalogue.models import Company
from crm.configuration import settings
from crm.ledger.models import Lot
from crm.office.lists import OfficeAdmin
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.work.models import Chat, Session
from tests.crm.office.conftest import member
from tests.crm.production.pallets import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
STEPS = ["Компании", "Люди и роли", "Бот", "Первый чат", "Первая форма"]


def open_steps(client: Client) -> list[str]:
    """Return the steps of the start page that are still to be done."""
    return [step.title for step in client.get("/admin/").context["steps"] if not step.done]


@pytest.fixture
def empty(seeded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plant that knows nobody and nothing."""
    for person in Person.objects.all():
        save_person(None, person=person, roles=[], telegram_id=None)
    Company.objects.update(active=False)
    monkeypatch.setattr(settings(), "telegram_bot_token", None)


@pytest.mark.usefixtures("empty")
def test_an_empty_plant_names_every_step_and_each_goes_when_it_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    administrator = member("one", "Администратор")
    assert open_steps(administrator) == STEPS
    Company.objects.update(active=True)
    assert open_steps(administrator) == STEPS[1:]
    worker = save_person(None, person=None, full_name="Первый П. П.", roles=["receiver"])
    assert open_steps(administrator) == STEPS[2:]
    monkeypatch.setattr(settings(), "telegram_bot_token", "1:x")
    assert open_steps(administrator) == STEPS[3:]
    save_person(None, person=worker, telegram_id=77)
    assert open_steps(administrator) == STEPS[4:]
    Session.objects.create(
        id=uuid4(), chat=Chat.objects.create(chat_id=77, token="t"), person=worker, flow="f",
        digest="d", state="saved", started_at=now(), updated_at=now(), ended_at=now(),
    )  # fmt: skip
    assert open_steps(administrator) == []


@pytest.mark.usefixtures("empty")
def test_steps_lead_where_they_are_done_and_only_who_may_do_them_sees_them() -> None:
    administrator = member("one", "Администратор")
    for step in administrator.get("/admin/").context["steps"]:
        if step.href:
            assert administrator.get(step.href).status_code == 200
    assert open_steps(member("two", "Директор")) == []


def test_every_list_can_say_where_its_records_come_from() -> None:
    pages = [page for page in site._registry.values() if isinstance(page, OfficeAdmin)]
    assert len(pages) > 25
    assert [type(page).__name__ for page in pages if not str(page.comes)] == []


def test_no_list_calls_a_thing_by_the_row_of_its_lot() -> None:
    shown = [
        f"{type(page).__name__}.{name}"
        for page in site._registry.values()
        if isinstance(page, OfficeAdmin)
        for name in (*page.list_display, *page.more_columns)
        if name in {field.name for field in page.opts.fields if field.related_model is Lot}
    ]
    assert shown == []


@pytest.mark.parametrize("page", ["rawbatch", "blank", "mincedorder", "mix", "pallet", "shipment"])
def test_an_empty_list_says_where_its_records_come_from(office: Client, page: str) -> None:
    answer = office.get(f"/admin/production/{page}/")
    assert answer.context["tools"]["empty"] in html.unescape(answer.content.decode())
    assert re.search("чат|Паллет|Замесы|паллет", answer.context["tools"]["empty"])
    assert not office.get(f"/admin/production/{page}/?q=нет").context["tools"]["empty"]


def test_only_an_empty_list_that_is_filtered_offers_to_reset_its_filters(office: Client) -> None:
    bare, filtered = (
        office.get(f"/admin/production/shipment/{query}").content.decode()
        for query in ("", "?state__exact=shipped")
    )
    assert "Здесь пока ничего нет" in bare
    assert "Сбросить фильтры" not in bare
    assert "Под этот отбор ничего нет" in filtered
    assert "Сбросить фильтры" in filtered
