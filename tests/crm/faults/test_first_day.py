"""X22, X23, X25: a plant on its first day, without a token, a translation or a person of a role."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from crm.catalogue.models import Freezer, Recipe
from crm.people.models import Person
from crm.people.roles import titles
from crm.plant.talker import Talker
from crm.production.models import RawBatch
from crm.quality.models import LimitVersion
from tests.crm.faults.plant import at_work, states, waiting
from tests.database import kept
from tests.forked import ran

ROOT = Path(__file__).resolve().parents[3]
WAIT_S = 300  # for an office to start on a busy machine
pytestmark = pytest.mark.django_db


def test_an_empty_database_becomes_a_usable_plant(talker: Talker) -> None:
    assert {role for role, _ in titles()} == {
        code for person in Person.objects.active() for code in person.role_codes
    }
    plates = Freezer.objects.filter(kind="plate").order_by("number")
    assert [(one.number, one.line) for one in plates] == [
        (number, 1 if number <= 7 else 2) for number in range(1, 15)
    ]
    shockers = Freezer.objects.filter(kind="shock")
    assert sorted(shockers.values_list("number", "capacity")) == [(n, 100) for n in (1, 2, 3, 4)]
    recipes = {recipe: recipe.versions.latest("version") for recipe in Recipe.objects.all()}
    assert len(recipes) == 18
    for recipe, norm in recipes.items():
        assert None not in (norm.fat, norm.protein, norm.moisture, norm.ash), recipe
    names = set(LimitVersion.objects.values_list("name", flat=True))
    assert {"receiving_temperature", "blank_tolerance"} <= names
    for chat in Person.objects.active().values_list("telegram_id", flat=True):
        assert talker.say(chat or 0, "/start").sees("Главное меню…")


def command(flows: Path, database: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing set but the demo, a database and a folder of flows."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | {
        "MEATBOT_DEMO": "1", "DATABASE_URL": f"sqlite:///{database}", "FLOWS_DIR": str(flows),
    }  # fmt: skip
    line = [sys.executable, str(ROOT / "cli.py"), *arguments]
    if arguments[0] != "web":
        return ran(line[1:], env=environment)
    with subprocess.Popen(line, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            text = answered(int(arguments[-1]))
        finally:
            process.terminate()
    return subprocess.CompletedProcess(line, 0, text, "")


def answered(port: int) -> str:
    """Return the page of the office's door as soon as it is there."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/admin/login/") as page:
                return str(page.read().decode())
        except (URLError, ConnectionError):
            assert time.monotonic() < until, "the office does not answer"
            time.sleep(0.2)


@pytest.mark.sqlite_only
def test_the_office_and_its_commands_need_neither_a_token_nor_translations(
    tmp_path: Path,
) -> None:
    flows, database = tmp_path / "flows", tmp_path / "plant.sqlite3"
    shutil.copytree(ROOT / "flows", flows)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copyfile(kept(), database)  # made by the same command, in its time
    for arguments in (["manage", "migrate", "-v0"], ["seed"], ["verify-ledger"]):
        done = command(flows, database, *arguments)
        assert done.returncode == 0, (arguments, done.stderr)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "<form" in command(flows, database, "web", "--port", str(port)).stdout


@pytest.mark.sqlite_only
def test_a_missing_template_is_told_in_words(tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    shutil.copytree(ROOT / "flows", flows)
    done = command(flows, tmp_path / "plant.sqlite3", "validate", str(flows))
    assert done.returncode == 1
    assert "incoming_control" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("role", ["unpacker_line_1", "technologist"])
def test_a_role_that_nobody_holds_stops_no_menu_and_no_work(
    talker: Talker, carcass: RawBatch, role: str
) -> None:
    order = at_work(talker, carcass, "900", 3)
    people = list(Person.objects.holding(role))
    for person in people:
        person.roles.filter(role=role).delete()
    for chat in Person.objects.active().values_list("telegram_id", flat=True):
        phone = talker.say(chat or 0, "/start")
        assert phone.sees("Главное меню…") or phone.sees("…ролей…"), phone.described()
    talker.restart()
    if role == "unpacker_line_1":
        other = at_work(talker, carcass, "300", 1, "line_2")
        talker.say("unpacker_line_2", "[Замес растарен]")
        assert states(other) == ["pressing"]
        return
    talker.say("unpacker_line_1", "[Замес растарен]")
    assert states(order) == ["pressing", "unpacking", "queued"]


def test_a_task_of_a_role_that_nobody_holds_is_made_and_told_to_the_shift_lead(
    talker: Talker, carcass: RawBatch
) -> None:
    for person in Person.objects.holding("unpacker_line_1"):
        person.roles.filter(role="unpacker_line_1").delete()
    order = at_work(talker, carcass, "900", 3)
    (task,) = waiting("unpack_mix")
    assert (task.role, states(order)[0]) == ("unpacker_line_1", "unpacking")
    for who in ("shift_lead", "technologist"):
        assert talker.phone(who).sees("…Задача без исполнителя: Растарка замеса…")
    assert not talker.phone("administrator").sees("…Задача без исполнителя…")


def test_where_nobody_is_to_be_told_either_the_administrators_are(
    talker: Talker, carcass: RawBatch
) -> None:
    order = at_work(talker, carcass, "900", 3)
    for role in ("press_line_1", "shift_lead", "technologist", "quality_manager"):
        for person in Person.objects.holding(role):
            person.roles.all().delete()
    talker.say("unpacker_line_1", "[Замес растарен]")
    assert states(order)[0] == "pressing"
    assert talker.phone("administrator").sees("…Задача без исполнителя: …")
