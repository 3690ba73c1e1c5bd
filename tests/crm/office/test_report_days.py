"""A report day by day, and corrected workbooks kept as versions of their day (4.40, 10.9, 11.2)."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from crm.bridge.papers import store
from crm.documents.models import Document
from crm.ledger.models import Event, Posting
from crm.production.day import production_day
from engine.files.local import LocalFiles
from engine.model.files import StoredFile
from tests.crm.office.conftest import member
from tests.crm.office.test_shipment_wizard import words
from tests.crm.production.pallets import mix_out, now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/reports/daily_production/days/"


@pytest.fixture
def kept(store: LocalFiles, monkeypatch: pytest.MonkeyPatch) -> LocalFiles:
    monkeypatch.setattr("crm.office.report_days.open_files", lambda: store)
    return store


def send(client: Client, content: bytes, day: str = "") -> str:
    file = SimpleUploadedFile("исправлено.xlsx", content)
    given = {"day": day or production_day(now()).isoformat(), "file": file}
    return words(client.post(f"{PAGE}recalculated/", given).content.decode())


def todays(client: Client) -> bytes:
    return client.post("/admin/reports/daily_production/", {"form": "xlsx"}).content


def test_each_production_day_since_the_first_one_is_a_link_to_its_report(office: Client) -> None:
    mix_out()
    page = office.get(PAGE).content.decode()
    days = re.findall(r"Суточный отчёт о производстве за (\d\d\.\d\d\.\d{4})", page)
    first = min(event.occurred_at for event in Event.objects.all())
    today = production_day(now())
    count = (today - production_day(first)).days + 1
    wanted = [today - timedelta(days=back) for back in range(count)]
    assert days == [f"{day:%d.%m.%Y}" for day in wanted]
    asked = dict(re.findall(r'name="(period_(?:from|to))" value="([^"]+)"', page))
    answer = office.post("/admin/reports/daily_production/", {**asked, "form": "xlsx"})
    assert f"Отчёт {days[-1]}.xlsx" in unquote(answer["Content-Disposition"])
    assert (
        'href="/admin/reports/daily_production/days/"'
        in office.get("/admin/reports/").content.decode()
    )


def test_other_days_are_asked_for_by_a_range(office: Client) -> None:
    page = office.get(f"{PAGE}?from=2026-01-01&to=2026-01-03").content.decode()
    assert re.findall(r"за (\d\d\.\d\d)\.2026", page) == ["03.01", "02.01", "01.01"]


def test_a_corrected_workbook_is_computed_again_and_kept_as_the_next_version(
    office: Client, kept: LocalFiles
) -> None:
    mix_out()
    book = load_workbook(BytesIO(todays(office)))
    sheet: Any = book.active
    sheet["C3"], sheet["H3"] = 25, 800.5
    changed = BytesIO()
    book.save(changed)
    before = list(Posting.objects.values_list("pk", "kg"))
    said = send(office, changed.getvalue())
    assert "Изменены ячейки: M3, M4" in said
    again = send(office, changed.getvalue())
    assert "версия 1" in again
    assert "версия 2" in again
    first, second = Document.objects.order_by("pk")
    assert (first.number, second.number) == (production_day(now()).isoformat(),) * 2
    stored: Any = load_workbook(BytesIO(kept.get(first.key))).active
    assert (stored["M3"].value, stored["M4"].value) == ("=H3/100*C3", "=SUM(M3:M3)")
    assert list(Posting.objects.values_list("pk", "kg")) == before
    recorded = LogEntry.objects.filter(change_message__contains="M3, M4")
    assert recorded.count() == 2


def test_two_who_send_a_corrected_workbook_at_once_make_two_versions(
    office: Client, kept: LocalFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    mix_out()
    content, others = todays(office), [1]

    def slowly(*given: Any) -> StoredFile:
        if others.pop() if others else 0:  # while this one is being stored, somebody sends another
            send(office, content)
        return store(*given)

    monkeypatch.setattr("crm.bridge.papers.store", slowly)
    send(office, content)
    made = Document.objects.order_by("pk").values_list("name", "edition")
    day = f"{production_day(now()):%d.%m.%Y}"
    assert list(made) == [
        (f"Суточный отчёт о производстве {day}, версия {number}.xlsx", number) for number in (1, 2)
    ]


def test_what_is_no_workbook_or_has_no_day_is_said(office: Client, kept: LocalFiles) -> None:
    assert "это не книга Excel" in send(office, b"no")
    missing = office.post(f"{PAGE}recalculated/", {"day": "2026-11-22"})
    assert "Укажите день и файл" in words(missing.content.decode())
    assert Document.objects.count() == 0


def test_who_only_reads_sees_the_days_and_sends_nothing(kept: LocalFiles) -> None:
    auditor = member("auditor", "Аудитор")
    page = auditor.get(PAGE)
    assert page.status_code == 200
    assert "Пересчитать" not in page.content.decode()
    assert auditor.post(f"{PAGE}recalculated/", {}).status_code == 403


def test_a_report_that_is_not_of_a_day_has_no_days(office: Client) -> None:
    assert office.get("/admin/reports/raw_balance/days/").status_code == 404
