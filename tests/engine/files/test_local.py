"""What only the folder has: tokens, atomic writes, and the walls around it."""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.files.errors import BadKey, FileMissing, LinkExpired, LinkForged
from engine.files.links import disposition, seal, unseal
from engine.files.local import LocalFiles

MOMENT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KEY = "certificate/2026/11/1"


def store(folder: Path, secret: str = "a secret of tests") -> LocalFiles:
    return LocalFiles(folder, secret, now=lambda: MOMENT)


def token(link: str) -> str:
    return link.removeprefix("/files/")


def test_a_token_gives_back_key_and_name_until_its_second(tmp_path: Path) -> None:
    files = store(tmp_path)
    made = token(files.link(KEY, 900, "Акт 2411/3.docx"))
    last = MOMENT + timedelta(seconds=899)
    assert files.open_link(made, last) == (KEY, "Акт 2411/3.docx")
    with pytest.raises(LinkExpired):
        files.open_link(made, MOMENT + timedelta(seconds=900))


def test_a_token_of_another_secret_is_forged(tmp_path: Path) -> None:
    made = token(store(tmp_path, "another secret").link(KEY, 900, "x"))
    with pytest.raises(LinkForged):
        store(tmp_path).open_link(made, MOMENT)


def test_a_payload_under_a_foreign_signature_is_forged(tmp_path: Path) -> None:
    files = store(tmp_path)
    signature = token(files.link(KEY, 900, "x")).partition(".")[2]
    said = json.dumps(["other/2026/11/1", 9_999_999_999, "x"]).encode()
    forged = base64.urlsafe_b64encode(said).decode().rstrip("=") + "." + signature
    with pytest.raises(LinkForged):
        files.open_link(forged, MOMENT)


@given(st.text())
def test_any_other_text_is_a_forged_token(text: str) -> None:
    with pytest.raises(LinkForged):
        unseal("a secret of tests", text, MOMENT)


@given(st.data())
def test_no_single_changed_letter_of_a_token_is_accepted(data: st.DataObject) -> None:
    made = seal("a secret of tests", KEY, MOMENT + timedelta(minutes=15), "Акт.docx")
    at = data.draw(st.integers(0, len(made) - 1))
    letter = data.draw(st.characters().filter(lambda letter: letter != made[at]))
    with pytest.raises(LinkForged):
        unseal("a secret of tests", made[:at] + letter + made[at + 1 :], MOMENT)


def test_an_empty_secret_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="secret"):
        store(tmp_path, "")


def test_a_link_inside_the_folder_does_not_lead_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    files = store(tmp_path / "files")
    (tmp_path / "files" / "photo").symlink_to(outside)
    with pytest.raises(BadKey):
        files.get("photo/secret")
    with pytest.raises(BadKey):
        files.put("photo/mine", b"x", "image/png")


def test_a_month_is_not_a_file(tmp_path: Path) -> None:
    files = store(tmp_path)
    files.put(KEY, b"x", "image/png")
    with pytest.raises(FileMissing):
        files.get("certificate/2026")
    with pytest.raises(FileMissing):
        files.get(KEY + "/below")


def test_a_write_that_breaks_off_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = store(tmp_path)
    files.put(KEY, b"old", "image/png")

    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        files.put(KEY, b"new", "image/png")
    assert files.get(KEY) == b"old"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["1"]


def test_an_unfinished_write_is_not_listed(tmp_path: Path) -> None:
    files = store(tmp_path)
    files.put(KEY, b"x", "image/png")
    (tmp_path / ".incoming" / "left-by-a-crash").write_bytes(b"half")
    assert [entry.key for entry in files.keys("")] == [KEY]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        (
            "Фото.JPG",
            "inline; filename=\"____.JPG\"; filename*=UTF-8''%D0%A4%D0%BE%D1%82%D0%BE.JPG",
        ),
        ("act.docx", "attachment; filename=\"act.docx\"; filename*=UTF-8''act.docx"),
        (
            'a"\r\nX: y/z.pdf',
            "inline; filename=\"a X: y z.pdf\"; filename*=UTF-8''a%20X%3A%20y%20z.pdf",
        ),
        ("\n", "attachment; filename=\"file\"; filename*=UTF-8''file"),
    ],
)
def test_a_name_cannot_break_out_of_its_header(name: str, header: str) -> None:
    assert disposition(name) == header
