"""Compiled translations are made when they are first needed, and again when a `.po` changes."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from engine.languages.catalogue import read_languages
from engine.languages.compiled import compile_changed
from engine.languages.message import Message

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
YES = Message("Да")


def write(folder: Path, translation: str, seconds: int) -> Path:
    """Write a `.po` of one text, as if so many seconds later."""
    path = folder / "en" / "LC_MESSAGES" / "bot.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{HEAD}msgid "Да"\nmsgstr "{translation}"\n', encoding="utf-8")
    moment = 1_790_000_000 + seconds
    os.utime(path, (moment, moment))
    return path


def test_a_fresh_clone_speaks_at_its_first_start(tmp_path: Path):
    write(tmp_path, "Yes", 0)
    assert read_languages(tmp_path, ["en"]).say(YES, "en") == "Yes"


def test_an_edited_translation_counts_at_the_next_start(tmp_path: Path):
    target = write(tmp_path, "Yes", 0).with_suffix(".mo")
    assert compile_changed(tmp_path) == (target,)
    os.utime(target, (1_790_000_010, 1_790_000_010))
    assert compile_changed(tmp_path) == ()
    write(tmp_path, "Yeah", 20)
    assert read_languages(tmp_path, ["en"]).say(YES, "en") == "Yeah"


def test_a_broken_file_leaves_what_there_was_and_is_warned_of(tmp_path: Path, caplog):
    path = write(tmp_path, "Yes", 0)
    compile_changed(tmp_path)
    path.write_text(f'{HEAD}msgid "Да"\nmsgstr "Yeah\nnonsense\n', encoding="utf-8")
    os.utime(path, (2_000_000_000, 2_000_000_000))
    with caplog.at_level(logging.WARNING):
        read = read_languages(tmp_path, ["en"])
    assert read.say(YES, "en") == "Yes"
    assert "bot.po is not compiled" in caplog.text


def test_a_folder_that_cannot_be_written_to_is_warned_of(
    tmp_path: Path, caplog, monkeypatch: pytest.MonkeyPatch
):
    write(tmp_path, "Yes", 0)

    def full(self: Path, target: Path) -> Path:
        raise OSError(30, "Read-only file system", str(target))

    monkeypatch.setattr(Path, "replace", full)
    with caplog.at_level(logging.WARNING):
        assert compile_changed(tmp_path) == ()
    assert "Read-only" in caplog.text
