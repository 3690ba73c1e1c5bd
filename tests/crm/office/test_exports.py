"""What an export gives: the filtered rows in the account's columns, with numbers as numbers."""

from __future__ import annotations

import csv
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from openpyxl import load_workbook

from tests.crm.conftest import Receive
from tests.crm.office.floor import LISTS, furnish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
BATCHES = "/admin/production/rawbatch/"


def sheet(client: Client, address: str) -> list[list[Any]]:
    book = load_workbook(BytesIO(client.post(address).content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def lines(client: Client, address: str) -> list[list[str]]:
    text = client.post(address).content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


def test_a_workbook_holds_exactly_the_filtered_rows_with_real_numbers_and_times(
    office: Client,
) -> None:
    furnish(2)
    page = "/admin/production/pallet/"
    office.post(f"{page}columns/", {"column": ["show_day", "kg_net", "created_at"]})
    titles, *rows = sheet(office, f"{page}export/xlsx/?number__exact=1&q=1")
    assert titles == ["Номер", "День", "Нетто, кг", "Создан"]
    ((number, day, net, made),) = rows
    assert (number, net) == ("1", 922)
    assert isinstance(day, datetime)
    assert isinstance(made, datetime)


def test_an_export_follows_search_filters_and_order(office: Client, receive: Receive) -> None:
    receive()
    receive(condition="chilled", material="Киль")
    found = lines(office, f"{BATCHES}export/csv/?condition__exact=chilled")
    assert [row[0] for row in found[1:]] == ["2211/4"]
    assert [row[0] for row in lines(office, f"{BATCHES}export/csv/?o=1")[1:]] == [
        "2211/3", "2211/4",
    ]  # fmt: skip


def test_numbers_of_csv_have_a_comma_and_texts_cannot_run_as_formulas(
    office: Client, receive: Receive
) -> None:
    receive(supplier="=HYPERLINK(0)", ttn_number="@SUM(A1)")
    titles, row = lines(office, f"{BATCHES}export/csv/")
    told = dict(zip(titles, row, strict=True))
    assert told["Поставщик"] == "'=HYPERLINK(0)"
    assert told["ТТН"] == "'@SUM(A1)"
    assert told["Принято, кг"] == "18250,500"


def test_a_workbook_takes_what_looks_like_a_formula_for_text(
    office: Client, receive: Receive
) -> None:
    receive(supplier="=1+1")
    titles, row = sheet(office, f"{BATCHES}export/xlsx/")
    assert row[titles.index("Поставщик")] == "=1+1"
    book = load_workbook(BytesIO(office.post(f"{BATCHES}export/xlsx/").content))
    cell = book.worksheets[0].cell(2, 1 + titles.index("Поставщик"))
    assert cell.data_type == "s"


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_list_is_exported_whole_and_the_export_is_on_record(
    office: Client, form: str
) -> None:
    furnish(1)
    for page in LISTS:
        answer = office.post(f"/admin/{page}/export/{form}/")
        assert answer.status_code == 200, page
        assert f".{form}" in answer["Content-Disposition"]
    assert LogEntry.objects.filter(change_message__startswith="Экспорт").count() == len(LISTS)


def test_an_empty_list_is_a_file_with_titles(office: Client) -> None:
    assert sheet(office, "/admin/production/blank/export/xlsx/")[0][0] == "Номер"
    assert lines(office, "/admin/production/blank/export/csv/")[0][0] == "Номер"


def test_there_is_no_export_of_another_kind(office: Client) -> None:
    assert office.post(f"{BATCHES}export/pdf/").status_code == 404
