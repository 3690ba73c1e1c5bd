"""The journal: console and file, the work that a line belongs to, nothing secret in it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
from asgiref.sync import sync_to_async
from pydantic import SecretStr

from crm.care import logs
from crm.care.log_file import SharedFile
from crm.care.logs import HIDDEN, Json, Lines, _secrets, masked
from crm.configuration import DEFAULT_SECRET_KEY, settings
from engine.model.trail import on_trail, trail
from tests.crm.care.test_collector import collector

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


@pytest.mark.parametrize("form", [Json, Lines])
def test_nobody_writes_a_line_of_his_own_into_the_journal(form: type[Json] | type[Lines]) -> None:
    typed = "/x\n2026-11-27 ERROR crm - the plant burns\r\x1b[2J\u2028"
    first, *more = form().format(record("%s failed", typed)).split("\n")
    assert all(line.startswith("    ") for line in more)
    assert not re.search(r"[\r\x1b]", f"{first}{more}")
    assert form is Json or "\\u2028" in more[-1]


def test_passwords_of_addresses_are_secrets_too_as_they_stand_in_json(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = settings().model_copy(
        update={
            "redis_url": "redis://:redis-pass%22word@redis:6379/0",
            "metrics_token": SecretStr('a"quoted"token-of-metrics'),
        }
    )
    monkeypatch.setattr(logs, "settings", lambda: own)
    _secrets.cache_clear()
    line = Json().format(record('redis-pass"word, a"quoted"token-of-metrics'))
    _secrets.cache_clear()
    assert json.loads(line)["message"] == f"{HIDDEN}, {HIDDEN}"


def test_a_file_of_the_journal_makes_room_and_no_line_of_several_writers_is_lost(
    tmp_path: Path,
) -> None:
    path = tmp_path / "plant.log"
    writers = [SharedFile(str(path), largest=100, kept=2) for _ in range(2)]
    for number in range(12):
        writers[number % 2].emit(record("line %s of the journal", number))
    for writer in writers:
        writer.close()
    files = [path, *(path.with_name(f"plant.log.{age}") for age in (1, 2))]
    assert sorted(tmp_path.glob("plant.log*")) == sorted([*files, tmp_path / "plant.log.lock"])
    kept = "".join(one.read_text("utf-8") for one in reversed(files)).splitlines()
    assert kept == [f"line {number} of the journal" for number in range(12 - len(kept), 12)]
    assert all(one.stat().st_size < 130 for one in files)


async def test_what_a_work_does_in_another_thread_is_on_its_trail() -> None:
    with on_trail("update") as name:
        assert await sync_to_async(trail)() == name
    assert trail() == ""


def test_the_journal_goes_to_the_console_to_a_file_and_errors_to_the_collector(
    tmp_path: Path,
) -> None:
    path, answers = tmp_path / "logs/plant.log", Event()
    answers.set()
    own = {"MEATBOT_DEMO": "1", "LOG_FILE": str(path), "LOG_FORMAT": "json"}
    own |= {"DJANGO_SETTINGS_MODULE": "crm.settings", "LOG_LEVELS": "crm.x=ERROR,crm.y=DEBUG"}
    say = "import django; django.setup(); import logging; logging.warning('полон'); "
    say += "logging.getLogger('crm.x').warning('-'); logging.getLogger('crm.y').debug('мелочь'); "
    say += "logging.critical('последнее слово')"
    with collector(answers) as (url, told):
        done = subprocess.run(
            [sys.executable, "-c", say],
            cwd=ROOT,
            env=os.environ | own | {"ERROR_URL": url},
            capture_output=True,
            text=True,
            check=True,
        )
    lines = path.read_text("utf-8").splitlines()
    said = ["полон", "мелочь", "последнее слово"]
    assert [json.loads(line)["message"] for line in lines] == said
    assert done.stderr.splitlines() == lines
    assert [told.get(timeout=1)["message"] for _ in range(told.qsize())] == said[-1:]
