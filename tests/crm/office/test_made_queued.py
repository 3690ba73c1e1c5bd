"""Long exports and reports where workers live: any process shows them, and a killed one loses
none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client

from crm.documents.models import Document
from crm.jobs import queue
from crm.office import columns, exports, made
from crm.office.models import Making
from crm.work.models import Task
from engine.errors import EngineError
from engine.files.local import LocalFiles
from tests.crm.jobs.test_queue import drained, empty
from tests.crm.office.conftest import member
from tests.crm.production.pallets import now
from tests.seeded import seed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]

PAGE = "/admin/work/task/"
ROWS = 25


@pytest.fixture
def office(
    transactional_db: None, store: LocalFiles, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """A browser of an office with one worker, in which a list of twenty-five tasks is long."""
    seed()
    Task.objects.bulk_create(
        Task(
            kind="look", title=f"Посмотреть {number}", subject="mix", subject_id=f"t{number}",
            role="technologist", created_at=now(), breach_at=now(),
        )
        for number in range(ROWS)
    )  # fmt: skip
    empty()
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_register_worker_v1()")
    monkeypatch.setattr(exports, "AT_ONCE", 10)
    monkeypatch.setattr("crm.office.made.open_files", lambda: store)
    yield member("clerk", "Производственный отдел")
    empty()


def asked(client: Client, address: str, typed: dict[str, str] | None = None) -> str:
    answer = client.post(address, typed or {})
    assert answer.status_code == 302
    return str(answer["Location"])


def worked() -> None:
    """Let a worker do what waits."""
    drained(made.make_queued, made.KIND)


def content(client: Client, address: str) -> bytes:
    page = client.get(address).content.decode()
    link = re.search(r'is-main" href="(?:http://testserver)?(/files/[^"]+)"', page)
    assert link is not None, page
    return b"".join(client.get(link[1].replace("&amp;", "&")))


def test_a_long_list_is_made_by_a_worker_as_the_account_asked(office: Client) -> None:
    waits = asked(office, f"{PAGE}export/csv/?role=technologist&o=1")
    assert not made._GOING
    page = office.get(waits)
    assert "Файл готовится" in page.content.decode()
    assert page["Refresh"] == "2"
    worked()
    lines = content(office, waits).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + ROWS
    assert LogEntry.objects.filter(change_message__startswith="Экспорт").count() == 1
    assert (Making.objects.get().done, Making.objects.get().all) > (9, ROWS - 1)


def test_a_file_whose_worker_was_killed_is_made_by_another(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one dies in the middle: what it had made is not seen, the work is there still."""
    waits, usual = asked(office, f"{PAGE}export/csv/"), columns.reader

    def broken(page: Any, name: str) -> Any:
        raise SystemExit

    monkeypatch.setattr(exports, "reader", broken)
    with pytest.raises(SystemExit):
        made.make_queued(str(Making.objects.get().pk), False)
    assert "Файл готовится" in office.get(waits).content.decode()
    monkeypatch.setattr(exports, "reader", usual)
    worked()
    assert len(content(office, waits).splitlines()) == 1 + ROWS


def test_a_file_that_fails_at_every_try_says_so(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Any:
        raise OSError("no disk")

    monkeypatch.setattr("crm.office.made.open_files", broken)
    waits = asked(office, f"{PAGE}export/csv/")
    for last in range(1, queue.TRIES + 1):
        assert "Refresh" in office.get(waits), last
        worked()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    assert "Файл не получился" in office.get(waits).content.decode()


def test_who_may_no_more_take_a_list_gets_no_file_of_it(office: Client) -> None:
    waits = asked(office, f"{PAGE}export/csv/")
    row = Making.objects.get()
    row.account.groups.clear()
    row.account.is_staff = False
    row.account.save()
    with pytest.raises(EngineError, match="makes no file"):
        made.make_queued(str(row.pk), True)
    row.refresh_from_db()
    assert (row.state, row.key) == (Making.State.FAILED, "")
    assert waits


def test_a_long_report_is_made_by_a_worker_and_kept(office: Client, store: LocalFiles) -> None:
    boss = member("boss", "Директор")
    period = {"period_from": "2026-10-01", "period_to": "2026-11-01", "form": "xlsx"}
    waits = asked(boss, "/admin/reports/stops/", period)
    worked()
    assert content(boss, waits) == store.get(Document.objects.get().key)
    assert LogEntry.objects.filter(change_message__startswith="Отчёт").count() == 1
