"""What watches the office asks it two things, and an administrator asks for the rest in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pydantic import SecretStr
from typer.testing import CliRunner

from cli import app
from crm.bridge.jobs import DjangoJobs
from crm.bridge.timers import PresentTimers
from crm.care import doctor
from crm.care.doctor import Said, examined
from crm.care.waiting import Part, detailed, summary
from crm.configuration import Settings, settings
from crm.jobs import queue
from crm.jobs.models import Job
from crm.ledger.models import StateHistory
from crm.office.seed import seed
from crm.outbox.models import Notice
from crm.people.models import Person
from crm.production.models import Place, RawBatch
from crm.production.models.stations import Waiting
from crm.work.models import Task
from crm.work.operations.record_task import create_task
from engine.files.keys import object_key
from engine.files.local import LocalFiles
from engine.files.minio import MinioFiles
from engine.files.spooled import SpooledFiles
from tests import servers
from tests.crm.jobs.test_queue import empty
from tests.engine.rehearsal import program

TOKEN = "123456:a-token-that-nobody-must-see"


def away(*_: Any) -> Any:
    """What a database says that is not there."""
    raise OperationalError("connection refused")


def test_whether_the_process_lives_is_told_to_anybody_without_a_look_at_the_rows() -> None:
    answer = Client(headers={"host": "10.0.0.7"}).get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.cookies == {}


def test_the_watcher_inside_is_not_sent_to_the_tls_of_the_proxy(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/admin/login/").status_code == 301


@pytest.mark.django_db
def test_an_office_that_can_work_is_ready() -> None:
    assert Client(headers={"host": "10.0.0.7"}).get("/readyz").status_code == 200


@pytest.mark.django_db
def test_an_office_whose_tables_are_old_is_not_ready() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations\n")


@pytest.mark.django_db
def test_who_asks_again_and_again_whether_it_is_ready_makes_nobody_read_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Client().get("/readyz")
    monkeypatch.setattr(MigrationLoader, "load_disk", away)
    with CaptureQueriesContext(connection) as asked:
        assert Client().get("/readyz").status_code == 200
    assert len(asked) <= 2


@pytest.mark.django_db(transaction=True)
def test_an_office_without_its_database_is_not_ready_and_says_nothing_more() -> None:
    with connection.execute_wrapper(away):
        answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database\n")


def found(**other: Any) -> dict[str, list[Said]]:
    """What the doctor says of this plant with some other settings."""
    said: dict[str, list[Said]] = {}
    for title, one in examined(settings().model_copy(update=other)):
        said.setdefault(title, []).append(one)
    return said


@contextmanager
def telegram(status: int, at: datetime, hook: str = "") -> Iterator[str]:
    """A server that answers as Telegram does, by a clock of its own; give its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            self.send_header("Date", format_datetime(at, usegmt=True))
            self.end_headers()
            told = f'"url": "{hook}", "last_error_message": "certificate verify failed"'
            self.wfile.write(f'{{"result": {{"username": "plant_bot", {told}}}}}'.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.django_db
def test_a_plant_that_is_well_has_nothing_to_mend() -> None:
    seed()
    said = found(telegram_bot_token=None)
    wrong = [title for title, some in said.items() for one in some if one.fault and not one.well]
    assert wrong == ["Бот"]  # without a token none starts
    assert said["Хранилище файлов"] == [Said("пишет и читает")]
    assert "форм" in said["Формы"][0].words


@pytest.mark.django_db
def test_a_token_that_telegram_does_not_take_is_said_without_the_token() -> None:
    with telegram(401, datetime.now(UTC)) as url:
        (said,) = found(telegram_bot_token=SecretStr(TOKEN), telegram_api_url=url)["Бот"]
    assert said.words == "токен не принят"
    assert "@BotFather" in said.remedy
    (said,) = found(telegram_bot_token=SecretStr(TOKEN), telegram_api_url="http://127.0.0.1:1")[
        "Бот"
    ]
    assert "TELEGRAM_API_URL" in said.remedy
    assert TOKEN not in f"{said}"


@pytest.mark.django_db
def test_a_clock_that_is_wrong_and_a_broken_webhook_are_named_with_what_to_do() -> None:
    with telegram(200, datetime.now(UTC) - timedelta(hours=1)) as url:
        said = found(telegram_bot_token=SecretStr(TOKEN), telegram_api_url=url)["Бот"]
    name, clock, _, hook = said
    assert name == Said("это @plant_bot")
    assert re.search(r"36\d\d с$", clock.words)  # a busy machine takes a second
    assert "chrony" in clock.remedy
    assert "certificate verify failed" in hook.words


@pytest.mark.django_db
def test_a_database_that_is_away_is_named_and_what_needs_it_is_left_out() -> None:
    with connection.execute_wrapper(away):
        said = found(telegram_bot_token=None)
    assert "DATABASE_URL" in said["База данных"][0].remedy
    assert {"Часы", "Исходящие", "Люди"}.isdisjoint(said)


@pytest.mark.django_db
def test_a_full_disk_and_messages_that_nobody_sends_are_named(
    monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE", 10**18)
    notice(at - timedelta(days=1), state="pending")
    said = found(telegram_bot_token=None)
    assert all("освободите место" in one.remedy for one in said["Место на диске"])
    assert "cli.py bot" in said["Исходящие"][0].remedy


@pytest.mark.django_db
def test_files_that_wait_for_the_store_are_told_and_the_sweep_sends_them(
    tmp_path: Path, s3_server: servers.S3, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    def opened(endpoint: str) -> SpooledFiles:
        keys = (s3_server.access_key, s3_server.secret_key, s3_server.bucket)
        store = MinioFiles(endpoint, *keys, secure=False, pause=lambda seconds: None)
        return SpooledFiles(store, LocalFiles(tmp_path, "a secret of tests"))

    away, back = opened(f"127.0.0.1:{servers.free_port()}"), opened(s3_server.endpoint)
    key = object_key("photo", at)
    away.put(key, b"a photo", "image/jpeg")
    monkeypatch.setattr("crm.care.doctor.open_files", lambda: away)
    broken, waits = found(minio_endpoint="s3")["Хранилище файлов"]
    assert "MINIO_*" in broken.remedy
    assert waits.words.startswith("ждут хранилища файлов: 1, самый давний с ")
    monkeypatch.setattr("crm.bridge.files.open_files", lambda: back)
    PresentTimers(program, DjangoJobs()).sweep(at)
    assert (back.store.get(key), list(back.waiting())) == (b"a photo", [])
    monkeypatch.setattr("crm.care.doctor.open_files", lambda: back)
    assert [one.words for one in found()["Хранилище файлов"]] == ["пишет и читает"]


def test_a_real_plant_behind_a_proxy_that_nobody_believes_is_told_so() -> None:
    office = Settings.model_construct(
        demo=False, public_url="https://o.example", proxy_header=False
    )
    (said,) = doctor.CHECKS["Настройки"][0](office)
    assert "TRUST_PROXY=1" in said.remedy


def test_an_office_for_this_machine_alone_needs_no_proxy() -> None:
    office = Settings.model_construct(
        demo=False, public_url="http://127.0.0.1:8000", proxy_header=False
    )
    (said,) = doctor.CHECKS["Настройки"][0](office)
    assert (said.well, "только для этого компьютера" in said.words) == (True, True)


def notice(at: datetime, *, state: str) -> None:
    Notice.objects.create(
        kind="message",
        event=f"e-{state}",
        chat_id=1,
        state=state,
        created_at=at,
        retry_from=at,
        next_try_at=at,
        last_error="chat not found",
    )


@pytest.fixture
def batch(receive: Callable[..., RawBatch], technologist: Person, at: datetime) -> RawBatch:
    """A batch that has waited for its analysis longer than it may."""
    batch = receive()
    for task in program().lifecycles["raw_batch"].lifecycle.states["received"].tasks:
        create_task(
            kind=task.kind, title="", subject="raw_batch", subject_id=str(batch.pk),
            lifecycle="raw_batch", roles=["technologist"], people=[], body={}, warn_s=None,
            breach_s=60, at=at,
        )  # fmt: skip
    return batch


def parts(now: datetime) -> dict[str, Part]:
    return {part.title: part for part in summary(program(), now)}


@pytest.mark.django_db
def test_what_waits_is_told_by_state_age_and_cause(batch: RawBatch, at: datetime) -> None:
    now = at + timedelta(hours=2)
    notice(at, state="undeliverable")
    Job.objects.create(
        id="00000000-0000-7000-8000-000000000001", name="vet_documents", state="failed",
        session="00000000-0000-7000-8000-000000000002", chat_id=1, last_error="unavailable",
        started_at=at, due_at=at, ended_at=at,
    )  # fmt: skip
    Waiting.objects.create(
        record="raw_batch", record_id=str(batch.pk), field="state", why="нет анализа"
    )
    said = parts(now)
    states = said["Записи по статусам"].lines
    began = f"{timezone.localtime(at):%d.%m.%Y %H:%M}"
    assert said["Чего ждут"].lines == (f"Партия сырья: нет анализа — 1, с {began}, 2 ч",)
    assert any(line.endswith("— 1, дольше всех 2 ч") for line in states), states
    assert said["Просроченные задачи"].lines
    assert f"chat not found — 1, с {began}" in said["Недоставленные уведомления"].lines[0]
    assert "vet_documents: unavailable — 1, с " in said["Сорвавшаяся фоновая работа"].lines[0]


@pytest.mark.django_db
def test_a_place_held_by_nothing_and_a_state_without_its_task_are_faults(
    batch: RawBatch, at: datetime
) -> None:
    assert not parts(at)["Занятые места без записи на них"].lines
    Place.objects.create(
        resource="defroster", slot=1, record="blank", record_id="77", title="З-77",
        lifecycle="blank", since=at,
    )  # fmt: skip
    Task.objects.filter(subject_id=str(batch.pk)).delete()
    said = parts(at)
    assert said["Занятые места без записи на них"].lines == ("defroster 1: З-77 (None)",)
    assert "Записи, из состояния которых нет пути" in said["Что не сходится"].lines[0]
    done = CliRunner().invoke(app, ["waiting", "--detailed"])
    assert done.exit_code == 1
    assert "✗ Занятые места без записи на них: 1" in done.output


@pytest.mark.django_db
def test_looking_changes_nothing_and_every_order_blank_and_mix_is_asked_after(
    batch: RawBatch, at: datetime
) -> None:
    before = StateHistory.objects.count(), Task.objects.count()
    titles = [part.title for part in detailed(program(), at)]
    assert {title.partition("(")[2].rstrip(")") for title in titles} >= {"blank", "mix"}
    assert (StateHistory.objects.count(), Task.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "told", "words"),
    [
        ("", "", "спрашивает сам"),
        ("https://office.example/t", "https://office.example/t", "приносит Telegram"),
        ("https://office.example/t", "", "WEBHOOK_URL задан"),
        ("", "https://other.example/t", "другому адресу"),
    ],
)
def test_where_telegram_brings_messages_is_compared_with_what_is_set(
    wanted: str, told: str, words: str
) -> None:
    with telegram(200, datetime.now(UTC), told) as url:
        given = {"telegram_bot_token": SecretStr(TOKEN), "telegram_api_url": url}
        said = found(webhook_url=wanted, **given)["Бот"]
    (one,) = (one for one in said if words in one.words)
    assert one.well == (wanted == told)


@pytest.mark.django_db
def test_redis_that_does_not_answer_is_told_and_one_that_is_not_wanted_is_well() -> None:
    (away,) = found(redis_url="redis://127.0.0.1:1/0")["Redis"]
    assert (away.well, away.fault) == (False, True)
    (none,) = found(redis_url="")["Redis"]
    assert none.well
    with servers.redis() as url:
        assert found(redis_url=url)["Redis"] == [Said("отвечает")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres_only
def test_a_queue_without_workers_is_a_fault_once_something_waits() -> None:
    empty()
    (idle,) = found()["Очередь работ"]
    assert (idle.well, idle.fault) == (False, False)
    queue.put("job", "one")
    (waits,) = found()["Очередь работ"]
    assert (waits.well, waits.fault) == (False, True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_register_worker_v1()")
    (served,) = found()["Очередь работ"]
    assert served == Said("исполнителей 1, работ ждёт 1")
    empty()
