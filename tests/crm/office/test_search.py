"""The search box of the sidebar: records by their numbers, people by names, pages."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.bridge.program import program
from crm.office.links import link
from crm.people.models import Person
from crm.production.models import Mix, Pallet, RawBatch, Shipment
from tests.crm.office.conftest import member
from tests.crm.office.floor import furnish
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import kg
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def search(client: Client, word: str) -> dict[str, str]:
    """Return what is found: where each leads with what it is called."""
    answer = client.get("/admin/search/", {"s": word})
    assert answer.status_code == 200
    found = re.findall(r'<a href="([^"]+)".*?>(.*?)</a>', answer.content.decode(), re.S)
    return {
        html.unescape(at): " ".join(re.sub(r"<[^>]+>", " ", html.unescape(said)).split())
        for at, said in found
    }


def test_every_record_is_found_by_its_number_and_leads_to_its_card(office: Client) -> None:
    furnish(2)
    for model in (RawBatch, Mix, Shipment):
        record = model.objects.latest("pk")
        found = search(office, str(record))
        assert str(record) in found[link(record)]
    batch = batch_in_stock("carcass", kg("900"), condition="chilled")
    order = planned([line("900", batch)], 2)
    assert next(iter(search(office, str(order)))) == link(order)
    assert {*search(office, str(order))} == {link(order), *map(link, order.mixes.all())}
    pallet = Pallet.objects.get(number=2)
    said = f"Паллет 2 {pallet.production_day:%d.%m.%Y}, {pallet.get_state_display()}"
    assert search(office, "2") == {link(pallet): said}


def test_a_label_that_a_phone_has_read_leads_to_its_pallet(office: Client) -> None:
    furnish(1)
    pallet = Pallet.objects.get()
    assert [*search(office, f"https://t.me/meat_bot?start={pallet.label_code}")] == [link(pallet)]


def test_a_person_is_found_by_a_part_of_his_name_in_any_case(office: Client) -> None:
    who = Person.objects.order_by("id")[0]
    assert link(who) in search(office, who.full_name.split()[0].upper()[:5])


def test_a_page_is_found_by_its_name_and_nothing_is_said_to_be_nothing(office: Client) -> None:
    assert search(office, "склад гп") == {"/admin/store/": "Склад ГП Заморозка и склад"}
    assert search(office, "нет такого") == {}
    assert "Ничего не найдено" in office.get("/admin/search/?s=нет такого").content.decode()
    assert office.get("/admin/search/?s=").content == b""


def test_nobody_finds_what_he_may_not_read(office: Client) -> None:
    furnish(1)
    who = Person.objects.order_by("id")[0]
    clerk = member("clerk", "Отдел отгрузки")
    assert link(who) in search(office, who.full_name)
    assert search(clerk, who.full_name) == {}
    assert search(clerk, "1") != {}


def test_a_search_costs_at_most_twelve_queries(office: Client) -> None:
    furnish(3)
    with CaptureQueriesContext(connection) as queries:
        assert search(office, str(Mix.objects.latest("pk")))
    assert len(queries) <= 12, [query["sql"][:120] for query in queries]


def test_the_plant_is_called_as_in_its_forms(office: Client) -> None:
    assert program().project.plant.name in office.get("/admin/").content.decode()
