"""«Журнал»: what happened to records and what accounts did, as one list, for who may know it."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from crm.audit.models import ValueChange
from crm.ledger.models import StateHistory
from crm.office import acts, journal_lines
from crm.office.acts import act_said
from crm.office.journal_lines import Wanted, page_of
from crm.production.models import Pallet
from engine.languages.message import Message, holes
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import OFFICE, address, correct, person, words
from tests.crm.production.pallets import kg, now, stocked
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/journal/"
BEFORE = 7  # the number that it had
NAMES = {"Паллет 777", f"Паллет {BEFORE}"}  # as it is called now; as an act of then called it


def read(client: Client, path: str = PAGE) -> str:
    return words(client.get(path).content.decode())


def rows(client: Client, query: str = "") -> list[list[str]]:
    text = client.post(f"{PAGE}export/csv/?{query}").content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))[1:]


@pytest.fixture
def lived() -> Pallet:
    """A pallet that the shop floor made, renumbered by an account of the office."""
    pallet = stocked()
    assert pallet.number == BEFORE
    correct(member("clerk", OFFICE), pallet, "renumber", "apply", to_number="777")
    return pallet


def test_what_the_shop_floor_did_what_was_corrected_and_what_the_office_did_are_one_list(
    lived: Pallet,
) -> None:
    auditor = member("auditor", "Аудитор")
    answer = auditor.get(PAGE)
    shown = words(answer.content.decode())
    number = Pallet._meta.get_field("number").verbose_name
    assert f"{str(number)[:1].upper()}{str(number)[1:]} Паллет 777" in shown
    assert "777 ошибка в плане" in shown  # the new value and why
    assert "Применено: " in shown  # the line of the office
    assert "На складе" in read(auditor, f"{PAGE}?record=pallet")  # a state that it reached
    assert address(lived, "change") in answer.content.decode()
    lines = [line for line in rows(auditor) if line[3] in NAMES]
    kinds = {line[1] for line in lines}
    assert kinds == {"Смена состояния", "Исправленное значение", "Действие в офисе"}
    (value,) = (line for line in lines if line[1] == "Исправленное значение")
    assert value[2:] == [
        "Номер",
        "Паллет 777",
        str(person("clerk")),
        str(BEFORE),
        "777",
        "ошибка в плане",
    ]


def test_a_line_of_the_office_says_who_did_what_to_which_record_and_leads_to_it() -> None:
    batch = batch_in_stock("carcass", kg(500))
    given = {"counted": "490", "reason": "взвешено заново", "step": "apply"}
    member("clerk", OFFICE).post(f"/admin/production/rawbatch/{batch.pk}/recount/", given)
    member("clerk2", OFFICE).post("/admin/production/pallet/export/csv/?q=7")
    auditor = member("auditor", "Аудитор")
    page = read(auditor, f"{PAGE}?kind=act")
    assert "Применено: Исправить остаток: взвешено заново" in page
    assert "Экспорт: csv, отбор «q=7» Паллеты clerk2" in page
    assert "Экспорт" not in read(auditor, f"{PAGE}?who=clerk")
    shown = auditor.get(f"{PAGE}?kind=act").content.decode()
    assert f"/admin/production/rawbatch/{batch.pk}/change/" in shown


def test_what_accounts_did_is_read_by_each_in_his_own_language() -> None:
    batch, clerk = batch_in_stock("carcass", kg(500)), member("clerk", OFFICE)
    clerk.cookies["django_language"] = "en"  # what is on record does not depend on it
    given = {"counted": "490", "reason": "weighed again", "step": "apply"}
    clerk.post(f"/admin/production/rawbatch/{batch.pk}/recount/", given)
    clerk.post("/admin/production/pallet/export/csv/?q=7")
    auditor = member("auditor", "Аудитор")
    page = read(auditor, f"{PAGE}?kind=act")
    assert "Применено: Исправить остаток: weighed again" in page
    assert "Экспорт: csv, отбор «q=7» Паллеты clerk" in page
    auditor.cookies["django_language"] = "en"
    page = read(auditor, f"{PAGE}?kind=act")
    assert "Applied: Correct the stock: weighed again" in page
    assert 'Export: csv, filter "q=7" Pallets clerk' in page
    assert "Применено" not in page


def test_every_act_that_goes_on_record_has_its_english() -> None:
    said = [one for one in vars(acts).values() if isinstance(one, Message)]
    assert len(said) > 20
    with translation.override("en"):
        for one in said:
            values = dict.fromkeys(holes(one.template), "-") | {"log": "Исправить остаток"}
            shown = act_said(str(one.with_values(values)))
            assert not re.search("[А-Яа-яЁё]", shown), shown


def test_the_list_is_narrowed_by_who_by_what_by_record_and_by_day(lived: Pallet) -> None:
    auditor = member("auditor", "Аудитор")
    all_of_it = len(rows(auditor))
    kinds = {kind: rows(auditor, f"kind={kind}") for kind in ("state", "value", "act")}
    assert len(kinds["state"]) == StateHistory.objects.count()
    assert len(kinds["value"]) == ValueChange.objects.count()
    assert len(kinds["act"]) > 0
    who = str(person("clerk"))
    assert {line[4] for line in rows(auditor, f"who={who}")} == {who}
    assert rows(auditor, "who=clerk") == rows(auditor, f"who={who}")  # by the account's name too
    assert rows(auditor, "who=никого") == []
    assert {line[3] for line in rows(auditor, "number=777")} == NAMES
    assert rows(auditor, "number=778") == []
    assert {line[3] for line in rows(auditor, "record=pallet")} == NAMES
    today, tomorrow = now().date(), now().date() + timedelta(days=1)
    days = [date(*map(int, reversed(line[0][:10].split(".")))) for line in rows(auditor)]
    # The first data may be of another day.
    assert len(rows(auditor, f"from={min(*days, today)}&to={max(*days, today)}")) >= all_of_it
    assert rows(auditor, f"from={today}&to={today}") != []
    assert rows(auditor, f"from={tomorrow + timedelta(days=9)}") == []
    assert rows(auditor, f"to={today - timedelta(days=4000)}") == []
    assert rows(auditor, "kind=none&record=none&from=x&before=x~9~y&after=") != []


def test_pages_follow_one_another_both_ways_without_a_gap_or_a_repetition(
    lived: Pallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = StateHistory.objects.latest("at", "id").at  # many lines of one moment, of all kinds
    LogEntry.objects.update(action_time=same)
    StateHistory.objects.bulk_create(
        StateHistory(record="pallet", record_id=str(lived.pk), from_state="a", to_state="b",
                     transition="x", at=same)
        for _ in range(5)
    )  # fmt: skip
    whole = [line.key for line in page_of(Wanted()).lines]
    assert whole == sorted(whole, reverse=True)
    monkeypatch.setattr(journal_lines, "SHOWN", 3)
    onward, page = [], page_of(Wanted())
    assert page.newer is None
    while True:
        onward.append([line.key for line in page.lines])
        if page.older is None:
            break
        page = page_of(Wanted(), page.older)
    assert [key for one in onward for key in one] == whole
    backward: list[list[object]] = []
    page = page_of(Wanted(), back=True)
    while True:
        backward = [[line.key for line in page.lines], *backward]
        if page.newer is None:
            break
        page = page_of(Wanted(), page.newer, back=True)
    assert [key for one in backward for key in one] == whole
    assert len(onward) > 3


def test_a_page_costs_the_same_at_any_depth_and_skips_no_rows_by_counting_them(
    lived: Pallet,
) -> None:
    auditor = member("auditor", "Аудитор")
    for query in ("", "?after="):
        with CaptureQueriesContext(connection) as asked:
            assert auditor.get(f"{PAGE}{query}").status_code == 200
        assert len(asked) <= 12
        assert not [one for one in asked if "OFFSET" in one["sql"]]


@pytest.mark.parametrize("table", ["ledger_statehistory", "audit_valuechange", "django_admin_log"])
def test_each_table_of_the_list_has_an_index_by_time(table: str) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    at = "action_time" if table == "django_admin_log" else "at"
    assert [at, "id"] in [one["columns"] for one in found if one["index"]]


def test_a_long_export_is_made_beside_and_a_taken_one_is_on_record(
    lived: Pallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = member("auditor", "Аудитор")
    answer = auditor.post(f"{PAGE}export/xlsx/?kind=value")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == ["Когда", "Вид", "Что", "Запись"]
    assert sheet["A2"].is_date
    assert "отбор «kind=value»" in LogEntry.objects.latest("pk").change_message
    monkeypatch.setattr("crm.office.exports.MOST", 1)
    assert auditor.post(f"{PAGE}export/xlsx/")["Location"].startswith(PAGE)
    assert auditor.post(f"{PAGE}export/pdf/").status_code == 404


def test_nobody_writes_a_line_and_who_has_no_business_with_it_does_not_read_it() -> None:
    clerk = member("clerk", OFFICE)
    assert clerk.get(PAGE).status_code == 403
    assert clerk.post(f"{PAGE}export/csv/").status_code == 403
    auditor = member("auditor", "Аудитор")
    assert (auditor.post(PAGE).status_code, auditor.get(f"{PAGE}export/csv/").status_code) == (
        405,
        405,
    )
