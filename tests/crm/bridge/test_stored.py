"""Files that nothing names any more are let go of after a day; files of rows that are not in the
store are told (domain 12.2)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from typer.testing import CliRunner

from cli import app
from crm.bridge.stored import look_through, sweep
from crm.documents.models import Document
from crm.ledger.models import Lot
from crm.office.models import Making
from crm.people.models import Person
from crm.quality.models import Deviation
from crm.work.models import Chat, File, Session
from engine.files.keys import object_key
from engine.files.local import LocalFiles
from engine.files.small import small_key
from tests.crm.conftest import Ask

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalFiles:
    files = LocalFiles(tmp_path, "secret")
    monkeypatch.setattr("crm.bridge.files.open_files", lambda: files)
    return files


def kept(store: LocalFiles, hours: float = 25, key: str = "") -> str:
    """Store a file as so many hours ago."""
    key = key or object_key("tmp", timezone.now())
    store.put(key, b"x", "image/jpeg")
    at = (timezone.now() - hours * HOUR).timestamp()
    os.utime(store._path(key), (at, at))
    return key


def row(key: str) -> File:
    return File.objects.create(
        lot=Lot.objects.create(kind="mix"), kind="problem", key=key, sha256="a" * 64, size=1,
        mime="image/jpeg", taken_at=timezone.now(),
    )  # fmt: skip


def session(key: str, state: str, hours: float) -> None:
    person = Person.objects.create(full_name="Зимин К. Д.")
    at = timezone.now() - hours * HOUR
    made = Session.objects.create(
        id=uuid4(), chat=Chat.objects.create(chat_id=person.pk), person=person, flow="raw_intake",
        digest="d", state=state, started_at=at, updated_at=at, waiting="ask" * (state == "parked"),
        answers={"photos": {"files": [{"key": key, "size": 1}]}},
    )  # fmt: skip
    Session.objects.filter(pk=made.pk).update(updated_at=at)


def unnamed(store: LocalFiles) -> set[str]:
    return set(look_through(store, timezone.now()).unnamed)


def test_what_no_row_names_goes_after_a_day_and_nothing_else(store: LocalFiles) -> None:
    orphan, fresh, named = kept(store), kept(store, 23), kept(store)
    row(named)
    small, gone = kept(store, key=small_key(named)), kept(store, key=small_key(orphan))
    looked = sweep(store, timezone.now())
    assert set(looked.unnamed) == {orphan, gone}
    assert {one.key for one in store.keys("")} == {fresh, named, small}
    assert looked.missing == ()


@pytest.mark.parametrize(
    ("state", "hours", "stays"),
    [("talking", 100, True), ("parked", 100, True), ("cancelled", 23, True),
     ("cancelled", 25, False), ("expired", 25, False)],
)  # fmt: skip
def test_files_of_a_form_stay_a_day_longer_than_the_form(
    store: LocalFiles, state: str, hours: float, stays: bool
) -> None:
    key = kept(store, 200)
    session(key, state, hours)
    assert unnamed(store) == (set() if stays else {key})


def test_the_evidence_of_a_deviation_stays(store: LocalFiles, ask: Ask) -> None:
    Deviation.objects.filter(pk=ask().pk).update(pictures=[kept(store)])
    assert not unnamed(store)


def test_an_export_goes_with_its_week_and_a_paper_stays(store: LocalFiles) -> None:
    old, new, paper = (kept(store, 200, object_key("export", timezone.now())) for _ in range(3))
    account = User.objects.create_user("clerk")
    for key, days in ((old, 8), (new, 6)):
        at = timezone.now() - timedelta(days=days)
        Making.objects.create(
            account=account, title="t", address="/", begun_at=at, ended_at=at, key=key, state="done"
        )
    Document.objects.create(
        kind="report", title="t", source_key="s", key=paper, name="t.xlsx", sha256="a" * 64,
        size=1, mime="x", state="issued", created_at=timezone.now(),
    )  # fmt: skip
    assert sweep(store, timezone.now()).unnamed == (old,)
    assert Making.objects.get().key == new


def test_a_file_that_is_not_there_is_named_and_nothing_is_done_about_it(store: LocalFiles) -> None:
    here, lost = row(kept(store)), row(object_key("tmp", timezone.now()))
    looked = sweep(store, timezone.now())
    assert (looked.missing, looked.unnamed) == ((lost.key,), ())
    assert looked.found.count == 1
    assert File.objects.filter(pk__in=[here.pk, lost.pk]).count() == 2


@pytest.mark.usefixtures("clock")
def test_the_command_counts_and_sweeps_only_when_told(
    store: LocalFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.ready.ready", lambda **_: None)
    orphan = kept(store)
    said = CliRunner().invoke(app, ["sweep-files"])
    assert (said.exit_code, said.output.splitlines()[0]) == (0, "Ничьих файлов: 1")
    assert unnamed(store) == {orphan}
    said = CliRunner().invoke(app, ["sweep-files", "--apply"])
    assert (said.exit_code, said.output) == (0, "Убрано файлов: 1\n")
    lost = row(object_key("tmp", timezone.now()))
    said = CliRunner().invoke(app, ["sweep-files"])
    assert (said.exit_code, lost.key in said.output) == (1, True)
