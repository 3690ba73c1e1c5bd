"""«Отчёты»: what an account's roles may have, with parameters, as a file; who took what is on
record; a long report is made beside the requests."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from threading import Event
from typing import Any
from urllib.parse import unquote

import docx
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from crm.documents.models import Document
from crm.office import made
from crm.office.models import Making
from crm.production.day import production_day
from crm.production.models import Shipment
from engine.files.local import LocalFiles
from tests.crm.conftest import Receive
from tests.crm.office.conftest import member
from tests.crm.office.floor import furnish
from tests.crm.office.test_shipment_wizard import words
from tests.crm.production.pallets import now
from tests.crm.production.stock import batch_in_stock
from tests.seeded import seed

pytestmark = pytest.mark.django_db
PAGE = "/admin/reports/"
TODAY = {"period_from": "", "period_to": ""}


def page(client: Client, query: str = "") -> str:
    return client.get(f"{PAGE}{query}").content.decode()


def sheet(content: bytes) -> list[list[Any]]:
    book = load_workbook(BytesIO(content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


@pytest.mark.usefixtures("seeded")
def test_an_account_sees_the_reports_of_its_roles_in_sections(office: Client) -> None:
    all_of_them = words(page(office))
    for title in ("Баланс сырья", "Проверки ККТ", "Упаковочный лист", "Остатки", "Качество"):
        assert title in all_of_them
    clerk = words(page(member("clerk", "Отдел отгрузки")))
    assert "Упаковочный лист" in clerk
    assert "Баланс сырья" not in clerk


@pytest.mark.usefixtures("seeded")
def test_a_period_is_the_present_production_day_until_another_is_filled_in(office: Client) -> None:
    begun = re.findall(r'name="period_(?:from|to)" value="([^"]*)"', page(office))
    today = production_day(now())
    year_ago = today - timedelta(days=364)
    assert set(begun) == {today.isoformat(), year_ago.isoformat()}
    assert begun.count(year_ago.isoformat()) == 1  # shipped in a year, as `since:` says
    batch = batch_in_stock("carcass", Decimal(1000))
    answer = office.post(f"{PAGE}raw_balance/", {**TODAY, "form": "xlsx"})
    name = unquote(answer["Content-Disposition"])
    assert f"Баланс сырья {today:%d.%m.%Y}.xlsx" in name
    (line,) = (row for row in sheet(answer.content) if row[1] == batch.number)
    assert line[6] == 1000
    week_ago = (today - timedelta(days=6)).isoformat()
    longer = {"period_from": week_ago, "period_to": week_ago, "form": "xlsx"}
    gone = sheet(office.post(f"{PAGE}raw_balance/", longer).content)
    assert [row[0] for row in gone][-2:-1] == ["За период движения нет"]


@pytest.mark.usefixtures("seeded")
def test_filters_are_choices_and_a_plain_list_is_given_as_csv_too(
    office: Client, receive: Receive
) -> None:
    receive()
    receive(condition="chilled", material="Киль")
    shown = page(office)
    assert '<option value="chilled" >Охлаждённое</option>' in shown
    assert '<option value="Киль" >Киль</option>' in shown
    given = {"condition": "chilled", "form": "csv"}
    answer = office.post(f"{PAGE}raw_balance/", given)
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert not any("2211/3" in row for row in rows)
    assert office.post(f"{PAGE}daily_production/", {"form": "csv"}).status_code == 404


@pytest.mark.usefixtures("seeded")
def test_what_cannot_be_read_is_said_beside_the_form_with_what_was_filled_in(
    office: Client,
) -> None:
    answer = office.post(f"{PAGE}lot_trace/", {"lot": "9999/9", "form": "xlsx"})
    shown = answer.content.decode()
    assert "«Лот»: нет такого или не понять «9999/9»" in words(shown)
    assert 'value="9999/9"' in shown
    empty = words(office.post(f"{PAGE}lot_trace/", {"lot": " "}).content.decode())
    assert "Заполните «Лот»" in empty
    turned = {"period_from": "2026-11-02", "period_to": "2026-11-01"}
    assert "«Период»: нет такого" in words(
        office.post(f"{PAGE}raw_balance/", turned).content.decode()
    )
    assert LogEntry.objects.count() == 0


@pytest.mark.usefixtures("seeded")
def test_a_lot_is_asked_for_by_its_number(office: Client) -> None:
    batch = batch_in_stock("carcass", Decimal(1000))
    answer = office.post(f"{PAGE}lot_trace/", {"lot": batch.number, "form": "xlsx"})
    assert f"Прослеживаемость Партия сырья {batch.number}" in unquote(
        answer["Content-Disposition"]
    ).replace("-", "/")


@pytest.mark.usefixtures("seeded")
def test_who_took_which_report_with_what_is_on_record(office: Client, boss: User) -> None:
    office.post(f"{PAGE}ccp_checks/", {"verdict": "outside", "form": "csv", **TODAY})
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (boss, "Проверки ККТ")
    assert entry.change_message == "Отчёт: csv, Итог: outside"


@pytest.mark.usefixtures("seeded")
def test_a_shipment_is_chosen_and_its_paper_is_given_and_kept(
    office: Client, monkeypatch: pytest.MonkeyPatch, store: LocalFiles
) -> None:
    monkeypatch.setattr("crm.office.reports.open_files", lambda: store)
    furnish(1)
    shipment = Shipment.objects.get()
    card = office.get(f"/admin/production/shipment/{shipment.pk}/change/").content.decode()
    assert f'href="/admin/reports/?report=shipment_list&amp;shipment={shipment.pk}"' in card
    opened = page(office, f"?report=shipment_list&shipment={shipment.pk}")
    assert f'<option value="{shipment.pk}" selected>' in opened
    given = {"shipment": str(shipment.pk), "form": "packing_list"}
    answer = office.post(f"{PAGE}shipment_list/", given)
    texts = [one.text for one in docx.Document(BytesIO(answer.content)).paragraphs]
    assert any(shipment.number in text for text in texts)
    assert Document.objects.get().kind == "packing_list"
    answer = office.post(f"{PAGE}shipment_list/", {**given, "form": "packing_list.pdf"})
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert shipment.number in PdfDocument(answer.content)[0].get_textpage().get_text_range()
    kept = Document.objects.latest("pk")
    assert kept.name.endswith(".docx")  # what is kept is the paper, as a PDF it was but given
    monkeypatch.setattr("crm.office.files.open_files", lambda: store)
    own = office.get(f"/admin/production/shipment/{shipment.pk}/change/").content.decode()
    assert f"/admin/documents/document/{kept.pk}/pdf/" in own


@pytest.mark.usefixtures("seeded")
def test_the_page_is_in_english_for_who_chose_it(office: Client) -> None:
    office.cookies["django_language"] = "en"
    shown = words(page(office))
    assert "Recall pack" in shown
    assert "Traceability and shipping" in shown


@pytest.fixture
def beside() -> Iterator[None]:
    """Reports are made in a thread of their own, which is over with the test."""
    yield
    made._POOL.shutdown()
    made._POOL = ThreadPoolExecutor(1)
    made._GOING.clear()


def asked(client: Client) -> str:
    """Ask for a month of stops; return the address of the page that waits."""
    long = {"period_from": "2026-10-01", "period_to": "2026-11-01", "form": "xlsx"}
    answer = client.post(f"{PAGE}stops/", long)
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.django_db(transaction=True)
def test_a_long_report_is_made_beside_the_requests_and_kept(
    store: LocalFiles, monkeypatch: pytest.MonkeyPatch, beside: None
) -> None:
    seed()
    monkeypatch.setattr("crm.office.made.open_files", lambda: store)
    office, other = member("one", "Директор"), member("other", "Директор")
    waits = asked(office)
    (going,) = made._GOING.values()
    going.result(timeout=60)
    ready = office.get(waits)
    assert "Refresh" not in ready
    link = re.search(r'href="(/files/[^"]+|http://testserver/files/[^"]+)"', ready.content.decode())
    assert link is not None
    rows = sheet(store.get(Document.objects.get().key))
    assert rows[0][0] == "01.10.2026 – 01.11.2026"
    assert other.get(waits).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_long_report_that_fails_says_so(monkeypatch: pytest.MonkeyPatch, beside: None) -> None:
    seed()

    def broken() -> Any:
        raise OSError("no disk")

    monkeypatch.setattr("crm.office.made.open_files", broken)
    office = member("one", "Директор")
    waits = asked(office)
    (going,) = made._GOING.values()
    assert isinstance(going.exception(timeout=60), OSError)
    assert "Файл не получился" in words(office.get(waits).content.decode())


def waits(over: Event) -> None:
    over.wait(60)


def test_a_report_that_is_being_made_looks_again_by_itself(
    boss: User, office: Client, beside: None
) -> None:
    over = Event()
    row = Making.objects.create(account=boss, title="Простои", address=PAGE, begun_at=now())
    made._GOING[row.pk] = made._POOL.submit(waits, over)
    answer = office.get(f"/admin/made/{row.pk}/")
    assert answer["Refresh"] == "2"
    assert "Файл готовится" in words(answer.content.decode())
    over.set()
