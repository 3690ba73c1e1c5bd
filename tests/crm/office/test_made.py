"""Long exports: made beside the requests with a share, kept in the store, made again when the
process that made them ended."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO, StringIO
from threading import Event
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from crm.bridge.papers import File
from crm.office import columns, exports, made
from crm.office.models import Making
from crm.work.models import Task
from engine.files.errors import FileMissing
from engine.files.local import LocalFiles
from tests.crm.office.conftest import member
from tests.crm.production.pallets import now
from tests.seeded import seed

PAGE = "/admin/work/task/"
ROWS = 25


@pytest.fixture
def long(
    transactional_db: None, store: LocalFiles, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """A browser of the office, in which a list of twenty-five tasks is a long one."""
    seed()
    Task.objects.bulk_create(
        Task(
            kind="look", title=f"Посмотреть {number}", subject="mix", subject_id=f"t{number}",
            role="technologist", created_at=now(), breach_at=now(),
        )
        for number in range(ROWS)
    )  # fmt: skip
    monkeypatch.setattr(exports, "AT_ONCE", 10)
    monkeypatch.setattr("crm.office.made.open_files", lambda: store)
    yield member("clerk", "Производственный отдел")
    made._POOL.shutdown()
    made._POOL = ThreadPoolExecutor(1)
    made._GOING.clear()


def asked(client: Client, form: str, query: str = "") -> str:
    answer = client.post(f"{PAGE}export/{form}/{query}")
    assert answer.status_code == 302
    return str(answer["Location"])


def ended() -> None:
    for going in made._GOING.values():
        going.result(timeout=60)


def content(client: Client, address: str) -> bytes:
    page = client.get(address).content.decode()
    link = re.search(r'is-main" href="(?:http://testserver)?(/files/[^"]+)"', page)
    assert link is not None, page
    return b"".join(client.get(link[1].replace("&amp;", "&")))


def test_who_writes_while_a_long_list_is_read_does_not_end_it(long: Client) -> None:
    account = get_user_model().objects.latest("pk")
    row = Making.objects.create(account=account, title="Задачи", address=PAGE, begun_at=now())

    def write() -> None:
        Task.objects.update(title="Другая")
        connection.close()

    def make(progress: made.Progress) -> File:
        rows = Task.objects.order_by("pk").iterator(chunk_size=1)
        next(rows)
        with ThreadPoolExecutor(1) as other:
            other.submit(write).result()
        progress.more(1)
        count = 1 + sum(1 for _ in rows)
        return File("export", "Задачи", "tasks.csv", "text/csv", str(count).encode())

    made._make(row, make, None)
    row.refresh_from_db()
    assert row.state == Making.State.DONE


def test_a_long_list_is_a_file_of_every_row_that_a_restart_does_not_lose(long: Client) -> None:
    waits = {form: asked(long, form, "?o=1") for form in ("csv", "xlsx")}
    ended()
    made._GOING.clear()  # as after a restart
    text = content(long, waits["csv"]).decode("utf-8-sig")
    titles, *lines = csv.reader(StringIO(text), delimiter=";")
    assert sorted(line[0] for line in lines) == sorted(
        f"Посмотреть {number}" for number in range(ROWS)
    )
    sheet = load_workbook(BytesIO(content(long, waits["xlsx"]))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == titles
    assert sheet.max_row == 1 + ROWS
    assert LogEntry.objects.filter(change_message__startswith="Экспорт").count() == 2


def test_the_page_says_the_share_and_looks_again_by_itself(
    long: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    half, over = Event(), Event()
    usual = columns.reader

    def slow(page: Any, name: str) -> Any:
        read = usual(page, name)

        def wait(record: Task) -> Any:
            if record.title == f"Посмотреть {ROWS - 15}":
                half.set()
                assert over.wait(60)
            return read(record)

        return wait

    monkeypatch.setattr(exports, "reader", slow)
    waits = asked(long, "csv", "?o=-2")
    assert half.wait(60)
    other = long.get(PAGE)  # meanwhile others are answered
    page = long.get(waits)
    over.set()
    assert other.status_code == 200
    assert page["Refresh"] == "2"
    assert re.search(r"Готово: (0|40|80)\s%", page.content.decode())
    ended()
    assert "Refresh" not in long.get(waits)


def test_a_file_whose_maker_died_is_shown_as_failed_and_made_again(long: Client) -> None:
    waits = asked(long, "csv", "?role=technologist")
    ended()
    Making.objects.update(state="going", ended_at=None, key="")
    made._GOING.clear()
    page = long.get(waits).content.decode()
    assert "Файл не получился" in page
    again = re.search(r'<form method="post" action="([^"]+export[^"]+)"', page)
    assert again is not None
    assert "Сделать ещё раз" in page
    answer = long.post(again[1])
    ended()
    assert len(content(long, answer["Location"]).splitlines()) == 1 + ROWS


def test_a_file_that_fails_says_so(long: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise OSError("no disk")

    monkeypatch.setattr("crm.office.made.open_files", broken)
    waits = asked(long, "csv")
    (going,) = made._GOING.values()
    assert isinstance(going.exception(timeout=60), OSError)
    assert "Файл не получился" in long.get(waits).content.decode()


def test_a_file_is_of_the_account_that_asked_alone(long: Client) -> None:
    waits = asked(long, "csv")
    ended()
    assert member("other", "Производственный отдел").get(waits).status_code == 404


def test_old_exports_are_forgotten_with_their_files(long: Client, store: LocalFiles) -> None:
    asked(long, "csv")
    ended()
    old = Making.objects.get()
    Making.objects.update(begun_at=now() - timedelta(days=8))
    asked(long, "csv")
    ended()
    assert Making.objects.get().pk != old.pk
    with pytest.raises(FileMissing):
        store.get(old.key)


def test_more_rows_than_a_file_takes_are_refused(
    long: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST", ROWS - 1)
    answer = long.post(f"{PAGE}export/csv/?o=1", follow=True)
    assert "не больше 24 строк" in answer.content.decode()
    assert answer.redirect_chain[0][0].endswith("/admin/work/task/?o=1")
    assert not Making.objects.exists()


@pytest.mark.django_db
def test_a_short_list_is_given_at_once(office: Client) -> None:
    seed()
    assert office.post(f"{PAGE}export/csv/").status_code == 200
    assert not Making.objects.exists()
