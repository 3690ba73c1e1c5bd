"""The live board: what it says of a plant at work, and what it costs."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.catalogue.models import Freezer
from crm.production.models import FreezerLoad, Mix
from crm.work.models import Task
from tests.crm.office.conftest import member
from tests.crm.office.floor import furnish
from tests.crm.production.pallets import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/board/now/"
AT_MOST = 12


def words(client: Client, path: str = PAGE) -> str:
    text = html.unescape(client.get(path).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_an_empty_plant_says_so_in_every_block(office: Client) -> None:
    text = words(office)
    for told in ("Просроченных задач нет", "Блокировок нет", "Сегодня сырьё ещё не принимали"):
        assert told in text
    assert "В очереди 0" in text


def test_mixes_freezers_late_tasks_holds_and_receipts_are_shown(office: Client) -> None:
    furnish(1)
    mix = Mix.objects.get()
    Mix.objects.filter(pk=mix.pk).update(state="pressing", line=2)
    Task.objects.update(breach_at=now() - timedelta(minutes=130))
    plate = Freezer.objects.get(kind="plate", number=3)
    FreezerLoad.objects.create(
        state="overdue", freezer=plate, slot=1, mix=mix, loaded_at=now(), due_at=now(),
        created_at=now(),
    )  # fmt: skip
    text = words(office)
    assert f"Сепарирование 1 {mix} линия 2" in text
    assert re.search(rf"3 {re.escape(str(mix))}, \d\d:\d\d", text)
    assert re.search(r"Просроченные задачи 1 Посмотреть.*Главный технолог 2 ч", text)
    assert re.search(r"Блокировки 1 Заготовка З\S+ .*проверка", text)
    assert re.search(r"Принято сегодня 1 \d{4}/\d+ \S+ 1 000 кг", text)
    assert "Принято сырья, кг 1 000 Списано" in text
    page = office.get(PAGE).content.decode()
    assert f'class="is-bad" title="{mix}, ' in page


@pytest.mark.parametrize("page", ["/admin/", PAGE])
def test_a_plate_freezer_has_its_own_number_when_another_is_out_of_work(
    office: Client, page: str
) -> None:
    furnish(1)
    Freezer.objects.filter(kind="plate", number=2).update(active=False)
    plate, mix = Freezer.objects.get(kind="plate", number=3), Mix.objects.get()
    FreezerLoad.objects.create(
        state="freezing", freezer=plate, slot=1, mix=mix, loaded_at=now(), due_at=now(),
        created_at=now(),
    )  # fmt: skip
    text = words(office, page)
    assert f" 1 свободно 3 {mix}, " in text


def test_what_does_not_fit_is_counted(office: Client) -> None:
    furnish(8)
    assert "и ещё 5" in words(office)


def test_the_board_costs_the_same_on_a_full_plant() -> None:
    clerk = member("clerk", "Производственный отдел")
    furnish(1)
    prices = []
    for _ in range(2):
        for path in ("/admin/board/", PAGE):
            with CaptureQueriesContext(connection) as queries:
                assert clerk.get(path).status_code == 200
            prices.append(len(queries))
        furnish(8)
    assert len({*prices}) == 1
    assert prices[0] <= AT_MOST


def test_the_board_asks_nobody_else_and_runs_no_script_but_its_own(office: Client) -> None:
    page = office.get("/admin/board/").content.decode()
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/office/board.js" defer>']
    assert "http" not in page


def test_a_stay_that_is_over_leads_to_the_door(client: Client) -> None:
    assert "/admin/login/" in client.get(PAGE)["Location"]
