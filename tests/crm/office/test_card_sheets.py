"""«Экспорт в Excel» of a card (domain 10.10): what is on the screen, numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from openpyxl import Workbook, load_workbook

from crm.production.models import MincedOrder
from tests.crm.office.floor import LISTS, furnish
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import out
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
kg = Decimal


def book(client: Client, record: Any) -> Workbook:
    meta = record._meta
    address = f"/admin/{meta.app_label}/{meta.model_name}/{record.pk}/sheets/"
    answer = client.post(address)
    assert answer.status_code == 200, address
    return load_workbook(BytesIO(answer.content))


def rows(made: Workbook, sheet: str) -> Iterator[dict[Any, Any]]:
    titles, *lines = made[sheet].iter_rows(values_only=True)
    for values in lines:
        yield dict(zip(titles, values, strict=True))


def test_an_order_is_exported_with_the_numbers_of_its_card(office: Client) -> None:
    first = batch_in_stock("carcass", kg("900"), condition="chilled")
    order = planned([line("900", first)], 3)
    mix = order.mixes.get(index=1)
    out(mix)
    made = book(office, MincedOrder.objects.get(pk=order.pk))
    (component,) = (one for one in rows(made, "Компоненты") if str(first) in str(one.values()))
    numbers = [value for value in component.values() if isinstance(value, int | float)]
    assert numbers == [900, 300, 600, 300]
    moved = next(rows(made, "Проводки"))
    assert isinstance(moved["Когда"], datetime)
    assert isinstance(moved["кг"], int | float)
    about = {one["Что"]: one["Значение"] for one in rows(made, "Карточка")}
    assert about["Состояние"] == MincedOrder.objects.get(pk=order.pk).get_state_display()


def test_every_card_is_exported_and_put_on_record(office: Client) -> None:
    furnish(1)
    for model in LISTS.values():
        record = model._default_manager.latest("pk")
        made = book(office, record)
        assert made.sheetnames[0] == "Карточка"
        log = LogEntry.objects.latest("id")
        assert (log.object_repr, log.change_message) == (str(record), "Экспорт карточки: xlsx")


def test_a_card_leads_to_its_workbook_and_nobody_gets_one_by_a_link(office: Client) -> None:
    batch = batch_in_stock("carcass", kg("900"), condition="chilled")
    address = f"/admin/production/rawbatch/{batch.pk}"
    page = office.get(f"{address}/change/").content.decode()
    assert f'action="{address}/sheets/"' in page
    assert office.get(f"{address}/sheets/").status_code == 405
    gone = office.post("/admin/production/rawbatch/999999/sheets/")
    assert gone["Location"] == "/admin/production/rawbatch/"
