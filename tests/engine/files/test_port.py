"""One suite for the Files port, on a folder and on a real S3 server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

import pytest
import urllib3
from urllib3.exceptions import ProtocolError

from engine.files.errors import BadKey, FileMissing, FileTooLarge, LinkRefused
from engine.files.keys import LARGEST, object_key
from engine.files.local import LocalFiles
from engine.files.minio import MinioFiles
from engine.model.files import StoredFile, StoredKey
from tests import servers

MIME = "image/jpeg"
MOMENT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Store(Protocol):
    """The Files port, and the list of keys that a clean-up reads."""

    def put(self, key: str, content: bytes, mime: str) -> StoredFile: ...
    def get(self, key: str) -> bytes: ...
    def delete(self, key: str) -> None: ...
    def link(self, key: str, seconds: int, name: str) -> str: ...
    def keys(self, prefix: str) -> Iterator[StoredKey]: ...


class Yard:
    """A store, the way a browser follows its links, and a clock that tests may set back."""

    def __init__(self) -> None:
        self.back = timedelta()
        self.store: Store
        self.follow: Callable[[str], tuple[bytes, str]]

    def now(self) -> datetime:
        return datetime.now(UTC) - self.back


def on_a_folder(yard: Yard, folder: Path) -> None:
    store = LocalFiles(folder, "a secret of tests", now=yard.now)

    def follow(link: str) -> tuple[bytes, str]:
        assert link.startswith("/files/")
        key, name = store.open_link(link.removeprefix("/files/"), datetime.now(UTC))
        return store.get(key), name

    yard.store, yard.follow = store, follow


def on_s3(yard: Yard, server: servers.S3) -> None:
    def follow(link: str) -> tuple[bytes, str]:
        try:
            answer = urllib3.request("GET", link, retries=False)
        except ProtocolError as error:  # so the wheel's server meets a date that is none
            raise LinkRefused(str(error)) from error
        if answer.status != 200:
            raise LinkRefused(f"{answer.status} {answer.data!r}")
        said = re.search(r"filename\*=UTF-8''(\S+)", answer.headers["Content-Disposition"])
        assert said is not None
        return answer.data, unquote(said[1])

    yard.store = MinioFiles(
        server.endpoint,
        server.access_key,
        server.secret_key,
        server.bucket,
        secure=False,
        now=yard.now,
    )
    yard.follow = follow


@pytest.fixture(params=["folder", "s3"])
def yard(request: pytest.FixtureRequest, tmp_path: Path) -> Yard:
    made = Yard()
    if request.param == "folder":
        on_a_folder(made, tmp_path / "files")
    else:
        on_s3(made, request.getfixturevalue("s3_server"))
    return made


def test_a_key_names_its_kind_and_month() -> None:
    key = object_key("certificate", MOMENT)
    assert re.fullmatch(r"certificate/2026/11/[0-9a-f-]{36}", key)
    assert key != object_key("certificate", MOMENT)


def test_what_was_put_comes_back_with_its_digest_and_size(yard: Yard) -> None:
    content = bytes(range(256)) * 5
    key = object_key("photo", MOMENT)
    stored = yard.store.put(key, content, MIME)
    assert stored == StoredFile(key, sha256(content).hexdigest(), 1280, MIME)
    assert yard.store.get(key) == content


def test_an_empty_file_is_a_file(yard: Yard) -> None:
    key = object_key("photo", MOMENT)
    yard.store.put(key, b"", MIME)
    assert yard.store.get(key) == b""


def test_putting_twice_keeps_the_last(yard: Yard) -> None:
    key = object_key("photo", MOMENT)
    yard.store.put(key, b"first and longer", MIME)
    yard.store.put(key, b"second", MIME)
    assert yard.store.get(key) == b"second"


def test_twenty_megabytes_are_taken_and_one_byte_more_is_not(yard: Yard) -> None:
    key = object_key("photo", MOMENT)
    largest = b"\xff" * LARGEST
    assert yard.store.put(key, largest, MIME).size == 20 * 1024 * 1024
    assert yard.store.get(key) == largest
    yard.store.delete(key)
    with pytest.raises(FileTooLarge):
        yard.store.put(key, largest + b"\xff", MIME)
    with pytest.raises(FileMissing):
        yard.store.get(key)


def test_a_missing_file_is_said_to_be_missing(yard: Yard) -> None:
    with pytest.raises(FileMissing):
        yard.store.get(object_key("photo", MOMENT))


def test_a_deleted_file_is_gone_and_deleting_it_again_is_fine(yard: Yard) -> None:
    key = object_key("photo", MOMENT)
    yard.store.put(key, b"x", MIME)
    yard.store.delete(key)
    yard.store.delete(key)
    with pytest.raises(FileMissing):
        yard.store.get(key)


@pytest.mark.parametrize(
    "key",
    [
        "../secret",
        "photo/../../secret",
        "/etc/hostname",
        "photo//x",
        "photo/.hidden",
        "photo",
        "",
        "photo/x\n",
        "photo/\x00",
        "photo\\..\\x/y",
        "фото/1",
        "photo/" + "x" * 200,
    ],
)
def test_a_key_that_could_leave_the_store_is_refused_everywhere(yard: Yard, key: str) -> None:
    with pytest.raises(BadKey):
        yard.store.put(key, b"x", MIME)
    with pytest.raises(BadKey):
        yard.store.get(key)
    with pytest.raises(BadKey):
        yard.store.delete(key)
    with pytest.raises(BadKey):
        yard.store.link(key, 60, "x")


def test_keys_are_listed_by_prefix_with_the_time_of_writing(yard: Yard) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    kept = sorted(f"lists/2026/11/{name}" for name in ("b", "a", "c.docx"))
    for key in [*kept, "lists2/2026/11/d", "lists/2026/12/e"]:
        yard.store.put(key, b"x", MIME)
    found = list(yard.store.keys("lists/2026/11/"))
    assert [entry.key for entry in found] == kept
    assert all(before <= entry.modified <= datetime.now(UTC) for entry in found)
    assert [entry.key for entry in yard.store.keys("lists/2026/11/c")] == ["lists/2026/11/c.docx"]
    assert len(list(yard.store.keys("lists/"))) == 4
    assert list(yard.store.keys("nothing/")) == []


def test_a_prefix_that_could_leave_the_store_is_refused(yard: Yard) -> None:
    with pytest.raises(BadKey):
        list(yard.store.keys("../"))


def test_a_link_opens_the_file_under_its_russian_name(yard: Yard) -> None:
    key = object_key("certificate", MOMENT)
    yard.store.put(key, b"paper", MIME)
    name = "Акт входного контроля 2411_3 & <b>.docx"
    assert yard.follow(yard.store.link(key, 60, name)) == (b"paper", name)


def test_an_expired_link_opens_nothing(yard: Yard) -> None:
    key = object_key("certificate", MOMENT)
    yard.store.put(key, b"paper", MIME)
    yard.back = timedelta(seconds=50)
    alive = yard.store.link(key, 60, "x.docx")
    yard.back = timedelta(seconds=70)
    expired = yard.store.link(key, 60, "x.docx")
    assert yard.follow(alive)[0] == b"paper"
    with pytest.raises(LinkRefused):
        yard.follow(expired)


def test_a_link_changed_anywhere_opens_nothing(yard: Yard) -> None:
    key, other = "certificate/2026/11/1111", "certificate/2026/11/2222"
    for each in (key, other):
        yard.store.put(each, b"paper", MIME)
    link = yard.store.link(key, 60, "x.docx")
    signed_from = link.index("/certificate/") if "/certificate/" in link else len("/files/")
    for at in range(signed_from, len(link), 7):
        if link[at] in "&=?%":
            continue
        changed = link[:at] + ("A" if link[at] != "A" else "B") + link[at + 1 :]
        with pytest.raises((LinkRefused, FileMissing)):
            yard.follow(changed)


def test_a_link_lives_a_week_at_most(yard: Yard) -> None:
    with pytest.raises(ValueError, match="604800"):
        yard.store.link("certificate/2026/11/1", 604801, "x")
    with pytest.raises(ValueError, match="604800"):
        yard.store.link("certificate/2026/11/1", 0, "x")
