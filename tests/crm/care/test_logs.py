"""The journal: console and file, the work that a line belongs to, nothing secret in it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async

from crm.care.logs import HIDDEN, Json, Lines, masked
from crm.configuration import DEFAULT_SECRET_KEY
from engine.model.trail import on_trail, trail

ROOT = Path(__file__).resolve().parents[3]


def record(words: str, *values: object, trace: bool = False) -> logging.LogRecord:
    error = None
    if trace:
        try:
            raise ValueError(f"key {DEFAULT_SECRET_KEY}")
        except ValueError:
            error = sys.exc_info()
    return logging.LogRecord("crm.x", logging.WARNING, __file__, 1, words, values, error)


def test_a_line_of_json_says_when_what_and_in_which_work() -> None:
    with on_trail("update") as name:
        said = json.loads(Json().format(record("взято %s", "7")))
    assert (said["level"], said["logger"], said["message"]) == ("WARNING", "crm.x", "взято 7")
    assert said["trail"] == name
    assert said["time"]


@pytest.mark.parametrize("form", [Json, Lines])
def test_secrets_chats_and_phones_are_masked_also_in_a_trace(
    form: type[Json] | type[Lines],
) -> None:
    line = form().format(record("chat 123456789 звонит с +79001234567", trace=True))
    assert "ValueError" in line
    assert DEFAULT_SECRET_KEY not in line
    assert HIDDEN in line
    assert "chat …789 звонит с +…67" in line


def test_plain_words_stay_as_they_are() -> None:
    assert masked("партия 2211/3, 123456789 г, chat") == "партия 2211/3, 123456789 г, chat"


async def test_what_a_work_does_in_another_thread_is_on_its_trail() -> None:
    with on_trail("update") as name:
        assert await sync_to_async(trail)() == name
    assert trail() == ""


def test_the_journal_goes_to_the_console_and_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "logs/plant.log"
    own = {"MEATBOT_DEMO": "1", "LOG_FILE": str(path), "LOG_FORMAT": "json"}
    own["DJANGO_SETTINGS_MODULE"] = "crm.settings"
    say = "import django; django.setup(); import logging; logging.warning('полон')"
    done = subprocess.run(
        [sys.executable, "-c", say],
        cwd=ROOT,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["полон"]
    assert done.stderr.splitlines() == lines
