"""The code of a piece of equipment opens what waits there (domain 14.8): as the office prints it,
and to whom it belongs."""

from __future__ import annotations

import html
import re
from base64 import b64decode
from decimal import Decimal

import pytest
from django.test import Client

from crm.bridge.program import program
from crm.plant.talker import Talker
from crm.production.capacity import stations
from crm.production.models import MincedOrder, Mix
from engine.files.codes import codes_of
from engine.run.codes import code_of, resource_of
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal
PRINTED = re.compile(r'<img src="data:image/png;base64,([^"]+)".*?<b>(.*?)</b>', re.DOTALL)


def two_mixes(talker: Talker) -> list[Mix]:
    """Plan an order of two mixes: the first is unpacked on line 1."""
    del talker  # the plant and its clock
    batch = batch_in_stock("carcass", kg(2000), condition="chilled")
    order = new_order([line("900", batch)], 2, line_mode="line_1")
    fire(order, "plan")
    return list(MincedOrder.objects.get(pk=order.pk).mixes.order_by("index"))


def test_the_code_of_a_station_opens_the_task_of_the_mix_that_stands_there(talker: Talker) -> None:
    first, second = two_mixes(talker)
    assert (first.state, second.state) == ("unpacking", "queued")
    phone = talker.say("unpacker_line_1", "/start", "/start at-unpack_line_1")
    assert phone.sees(f"…{first.index}…"), phone.described()
    assert "Замес растарен" in [one.title for one in phone.screen.buttons]
    talker.say("unpacker_line_1", "[Замес растарен]")
    first.refresh_from_db()
    assert first.state == "pressing"
    phone = talker.say("unpacker_line_1", "/start", "/start at-press_line_1")
    assert phone.sees("…Пресс линии 1: для вас задач здесь нет…"), phone.described()


@pytest.mark.usefixtures("seeded")
def test_every_station_has_its_printed_code_and_its_photo_names_it(office: Client) -> None:
    page = html.unescape(office.get("/admin/equipment/").content.decode())
    found = {title: codes_of(b64decode(picture)) for picture, title in PRINTED.findall(page)}
    project = program().project
    named = {
        title: [resource_of(project, code) for code in codes] for title, codes in found.items()
    }
    assert named["Пресс линии 1"] == ["press_line_1"]
    assert named["Плиточник 3"] == ["plate_freezers/3"]
    assert sorted(one for codes in named.values() for one in codes) == sorted(stations())


def test_what_is_no_code_of_equipment_names_none() -> None:
    project = program().project
    for text in (
        "press_line_1",
        "at-",
        "at-press",
        "at-press_line_1-2",
        "at-plate_freezers",
        "2211/3",
    ):
        assert resource_of(project, text) == "", text
    assert resource_of(project, f"https://t.me/bot?start={code_of('shock_freezers/2')}") == (
        "shock_freezers/2"
    )
