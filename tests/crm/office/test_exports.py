"""What an export gives: the filtered rows in the account's columns, with numbers as numbers."""

from __future__ import annotations

import csv
import html
import re
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from crm.made_rows import chunks
from crm.office.exports import List
from crm.office.made import Progress
from crm.office.pages.raw_batches import RawBatchPage
from crm.production.models import Blank, MincedOrder, Mix, Pallet, RawBatch, SecondMinced
from crm.quality.models import Hold
from tests.crm.conftest import Receive
from tests.crm.office.floor import LISTS, furnish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
BATCHES = "/admin/production/rawbatch/"
WRITTEN = {"—": "", "check_small": "Да", "close_small": "Нет"}  # of the screen, in a file


def sheet(client: Client, address: str) -> list[list[Any]]:
    book = load_workbook(BytesIO(client.post(address).content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def lines(client: Client, address: str) -> list[list[str]]:
    text = client.post(address).content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


def screen(client: Client, address: str) -> list[list[str]]:
    """Return what a list shows, as words, in the order of its rows and columns."""
    answer = client.get(address)
    names = [name for name in answer.context["cl"].list_display if name != "action_checkbox"]
    _, *rows = answer.content.decode().split('<tr class="data-row')
    return [[words(row, name) for name in names] for row in rows]


def words(row: str, name: str) -> str:
    (cell,) = re.findall(rf"<t[dh][^>]*\bfield-{name}\b.*?</t[dh]>", row, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split())


def plain(text: str) -> str:
    """Return a cell with numbers, nothing and yes written one way."""
    text = WRITTEN.get(text, text)
    bare = "".join(text.split()).replace("−", "-").replace(",", ".")
    return f"{Decimal(bare):.3f}" if re.fullmatch(r"-?\d+(\.\d+)?", bare) else text


def test_a_workbook_holds_exactly_the_filtered_rows_with_real_numbers_and_times(
    office: Client,
) -> None:
    furnish(2)
    page = "/admin/production/pallet/"
    office.post(f"{page}columns/", {"column": ["show_day", "kg_net", "created_at"]})
    titles, *rows = sheet(office, f"{page}export/xlsx/?number__exact=1&q=1")
    assert titles == ["Номер", "День", "Нетто, кг", "Создан"]
    (number, day, net, made), whole = rows
    assert whole == ["Итого", None, 922, None]
    assert (number, net) == ("1", 922)
    assert isinstance(day, datetime)
    assert isinstance(made, datetime)


def test_an_export_follows_search_filters_and_order(office: Client, receive: Receive) -> None:
    receive()
    receive(condition="chilled", material="Киль")
    found = lines(office, f"{BATCHES}export/csv/?condition__exact=chilled")
    assert [row[0] for row in found[1:]] == ["2211/4", "Итого"]
    by_material = RawBatchPage.list_display.index("raw_material")
    assert [row[0] for row in lines(office, f"{BATCHES}export/csv/?o={by_material}")[1:]] == [
        "2211/3", "2211/4", "Итого",
    ]  # fmt: skip


@pytest.mark.parametrize("page", LISTS)
def test_an_export_says_in_every_column_what_the_screen_shows(office: Client, page: str) -> None:
    furnish(2)
    address, shown = f"/admin/{page}/", admin.site.get_model_admin(LISTS[page])
    every = [*shown.list_display, *shown.more_columns]  # type: ignore[attr-defined]
    office.post(f"{address}columns/", {"column": every})
    seen = screen(office, f"{address}?o=-1")
    for row in seen:
        row[0] = re.sub(r" \d\d\.\d\d, \d\d:\d\d$", "", row[0])  # a batch's moment under it
    titles, *taken = lines(office, f"{address}export/csv/?o=-1")
    if shown.totals:  # type: ignore[attr-defined]
        assert taken.pop()[0] == "Итого"  # below what the screen has in its rows
    assert (len(titles), len(taken) > 1) == (len(every), True)
    assert [[plain(cell) for cell in row] for row in taken] == [
        [plain(cell) for cell in row] for row in seen
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "titles"),
    [
        (Mix, {"Этап": "На паллетах", "ФХП": "Прошёл ФХП", "Зола": "Ещё не нужна"}),
        (Pallet, {"Вид": "Фарш", "Состояние": "На складе"}),
        (Hold, {"Вид": "Вручную"}),
        (MincedOrder, {"Линия": "Линия 1", "Маршрут": "Плиточник", "Состояние": "Новая"}),
    ],
)
def test_choices_and_states_are_exported_by_their_titles_and_not_their_codes(
    office: Client, model: type[Model], titles: dict[str, str]
) -> None:
    furnish(1)
    address = f"/admin/{model._meta.label_lower.replace('.', '/')}/export"
    for heads, row, *_whole in (
        lines(office, f"{address}/csv/"),
        sheet(office, f"{address}/xlsx/"),
    ):
        told = dict(zip(heads, row, strict=True))
        assert {title: told[title] for title in titles} == titles


def test_numbers_of_csv_have_a_comma_and_texts_cannot_run_as_formulas(
    office: Client, receive: Receive
) -> None:
    receive(supplier="=HYPERLINK(0)", ttn_number="@SUM(A1)")
    titles, row, _whole = lines(office, f"{BATCHES}export/csv/")
    told = dict(zip(titles, row, strict=True))
    assert told["Поставщик"] == "'=HYPERLINK(0)"
    assert told["ТТН"] == "'@SUM(A1)"
    assert told["Принято, кг"] == "18250,500"


def test_a_workbook_takes_what_looks_like_a_formula_for_text(
    office: Client, receive: Receive
) -> None:
    receive(supplier="=1+1")
    titles, row, _whole = sheet(office, f"{BATCHES}export/xlsx/")
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


@pytest.mark.parametrize("model", [RawBatch, Blank, Pallet, SecondMinced])
def test_an_export_asks_of_stock_only_what_its_columns_say(model: type[Model]) -> None:
    """Each column alone says what it says beside all others, filtered and ordered by what is not
    read."""
    furnish(2)
    page: Any = admin.site.get_model_admin(model)
    every = [*page.list_display, *page.more_columns]
    rows = page.get_queryset(HttpRequest()).filter(physical__gte=0).order_by("-physical", "-pk")

    def column(*names: str) -> list[list[str]]:
        text = List(page, names, rows).write("csv", Progress()).content.decode("utf-8-sig")
        return list(csv.reader(StringIO(text), delimiter=";"))[1 : 1 + rows.count()]

    whole = column(*every)
    for at, name in enumerate(every):
        assert column(name) == [[row[at]] for row in whole], name
    with CaptureQueriesContext(connection) as asked:
        column("show_state")
    said = " ".join(one["sql"] for one in asked)
    assert model._meta.db_table in said
    assert 'AS "free"' not in said


def test_an_empty_list_is_a_file_with_titles(office: Client) -> None:
    assert sheet(office, "/admin/production/blank/export/xlsx/")[0][0] == "Номер"
    assert lines(office, "/admin/production/blank/export/csv/")[0][0] == "Номер"


def test_there_is_no_export_of_another_kind(office: Client) -> None:
    assert office.post(f"{BATCHES}export/pdf/").status_code == 404


def test_a_long_list_is_read_some_rows_at_a_time_as_django_reads_it(receive: Receive) -> None:
    made = [receive() for _ in range(3)]
    rows = RawBatch.objects.select_related("company").order_by("pk")
    some, rest = chunks(rows, 2)
    assert [*some, *rest] == made
    assert [one.company for one in (*some, *rest)] == [one.company for one in made]
    assert not list(chunks(rows.none(), 2))


def test_office_accounts_and_groups_are_exported_as_they_are_filtered(office: Client) -> None:
    gone = User.objects.create_user("gone", last_name="Ушёл", is_active=False)
    gone.groups.add(Group.objects.get(name="Аудитор"))
    titles, *rows = lines(office, "/admin/auth/user/export/csv/?is_active__exact=0")
    assert [row[:4] for row in rows] == [["gone", "Ушёл", "", "Аудитор"]]
    assert titles[0] == "Имя пользователя"
    named = [row[0] for row in sheet(office, "/admin/auth/group/export/xlsx/?q=Аудит")[1:]]
    assert named == ["Аудитор"]
