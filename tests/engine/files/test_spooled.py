"""A store that is away loses nothing: files wait beside it and go when it is back."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3

from engine.files.errors import FileMissing, StoreUnavailable
from engine.files.keys import object_key
from engine.files.local import LocalFiles
from engine.files.minio import MinioFiles
from engine.files.spooled import REST_S, SpooledFiles
from engine.model.files import StoredFile
from tests import servers

MIME, CONTENT = "image/jpeg", b"\xff\xd8 a photo"
MOMENT = datetime(2026, 11, 27, tzinfo=UTC)
Open = Callable[[bool], SpooledFiles]


class Clock:
    """A steady clock moved by hand."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(s3_server: servers.S3, tmp_path: Path, clock: Clock) -> Open:
    """Open a process's store over one folder: with the server, or with none at its address."""

    def made(up: bool) -> SpooledFiles:
        endpoint = s3_server.endpoint if up else f"127.0.0.1:{servers.free_port()}"
        keys = (s3_server.access_key, s3_server.secret_key, s3_server.bucket)
        store = MinioFiles(endpoint, *keys, secure=False, pause=lambda seconds: None)
        return SpooledFiles(store, LocalFiles(tmp_path, "a secret of tests"), clock)

    return made


def test_a_file_waits_while_the_store_is_away_and_goes_when_it_is_back(opened: Open) -> None:
    key, away = object_key("photo", MOMENT), opened(False)
    stored = away.put(key, CONTENT, MIME)
    assert (stored.key, stored.size, stored.mime) == (key, len(CONTENT), MIME)
    assert away.get(key) == CONTENT
    assert away.link(key, 60, "фото.jpg").startswith("/files/")
    assert away.send() == 0
    back = opened(True)
    assert [one.key for one in back.waiting()] == [key]
    assert key in [one.key for one in back.keys("photo/")]
    with pytest.raises(FileMissing):
        back.store.get(key)
    assert (back.send(), list(back.waiting()), back.send()) == (1, [], 0)
    assert back.store.get(key) == CONTENT
    answer = urllib3.request("GET", back.link(key, 60, "фото.jpg"))
    assert (answer.data, answer.headers["Content-Type"]) == (CONTENT, MIME)
    assert [one.key for one in back.keys(key)] == [key]


def test_a_process_that_is_killed_meanwhile_loses_nothing(opened: Open) -> None:
    key = object_key("photo", MOMENT)
    child = os.fork()
    if not child:
        opened(False).put(key, CONTENT, MIME)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    back = opened(True)
    assert back.get(key) == CONTENT
    assert back.send() == 1
    assert back.store.get(key) == CONTENT


def test_a_death_between_sending_and_forgetting_sends_once_more(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = object_key("photo", MOMENT)
    opened(False).put(key, CONTENT, MIME)
    dying = opened(True)

    class Killed(BaseException):
        pass

    def dies(self: LocalFiles, key: str) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(LocalFiles, "delete", dies)
        with pytest.raises(Killed):
            dying.send()
    back = opened(True)
    assert (back.send(), list(back.waiting())) == (1, [])
    assert back.store.get(key) == CONTENT


def test_a_store_that_was_away_is_not_asked_by_every_worker(
    opened: Open, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = opened(False)
    asked: list[str] = []
    put = away.store.put

    def counted(key: str, content: bytes, mime: str) -> StoredFile:
        asked.append(key)
        return put(key, content, mime)

    monkeypatch.setattr(away.store, "put", counted)
    for _ in range(3):
        away.put(object_key("photo", MOMENT), CONTENT, MIME)
    assert len(asked) == 1
    with pytest.raises(StoreUnavailable):
        away.link(object_key("photo", MOMENT), 60, "other.jpg")
    clock.s += REST_S
    away.put(object_key("photo", MOMENT), CONTENT, MIME)
    assert len(asked) == 2


def test_what_was_deleted_is_not_sent_and_what_was_never_kept_is_forgotten(
    opened: Open, tmp_path: Path
) -> None:
    key, lost = object_key("photo", MOMENT), object_key("photo", MOMENT)
    opened(False).put(key, CONTENT, MIME)
    back = opened(True)
    back.delete(key)
    LocalFiles(tmp_path, "a secret of tests").put(f"{lost}.type", MIME.encode(), "text/plain")
    assert (back.send(), len(list(back.waiting()))) == (0, 1)  # whoever keeps it may go on
    old = (datetime.now(UTC) - timedelta(hours=2)).timestamp()
    os.utime(tmp_path / f"{lost}.type", (old, old))
    assert (back.send(), list(back.waiting())) == (0, [])


def test_a_process_starts_while_the_store_is_away(opened: Open) -> None:
    away = opened(False)
    away.prepare()
    away.put(object_key("photo", MOMENT), CONTENT, MIME)
    assert len(list(away.waiting())) == 1
