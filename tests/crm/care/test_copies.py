"""A copy of a plant, made and brought back, on both databases."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crm.care.backup import back_up
from crm.care.copies import FORMS, MANIFEST, CareError, Database, Kept, Manifest
from crm.care.forms import lying, put_back
from crm.care.postgresql import PostgresCopies
from crm.care.restore import bring_back, looked_through, standing
from crm.care.sqlite import SqliteCopies
from crm.configuration import Settings
from engine.files.local import LocalFiles
from tests import database
from tests.database import named
from tests.forked import ran

ROOT = Path(__file__).resolve().parents[3]
KEY = "upd/2026/11/0190c0de-0000-7000-8000-000000000001"
PAPER = b"the paper of a delivery"
TRIES = "SELECT telegram_id, wrong FROM people_registrationtry"

pytestmark = pytest.mark.database


def silent(done: int, of: int) -> None:
    assert done <= of


@dataclass(frozen=True)
class Plant:
    """A plant of its own: its database and its folder of files."""

    url: str
    folder: Path

    @property
    def files(self) -> LocalFiles:
        """Its store."""
        return LocalFiles(self.folder, "secret")

    @property
    def database(self) -> Database:
        """Its database."""
        if self.url.startswith("sqlite"):
            return SqliteCopies(Path(self.url.removeprefix("sqlite:///")))
        return PostgresCopies(self.url)

    def copied(self, folder: Path, **rows: Kept) -> Manifest:
        """Make a copy where rows name these files."""
        return back_up(folder, self.database, self.files, lambda: rows, silent, lying())

    def brought(self, folder: Path) -> None:
        """Bring a copy back."""
        manifest = looked_through(folder, silent)
        bring_back(folder, manifest, self.database, self.files, silent)

    def asked(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement on its rows."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as rows, rows:
                return rows.execute(statement).fetchall()
        with psycopg.connect(self.url, autocommit=True) as server:
            done = server.execute(statement)
            return done.fetchall() if done.description else []


def made(folder: Path, name: str, *, migrated: bool) -> Plant:
    """Make a plant on the database of this run, with tables or with nothing."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        path = folder / f"{name}.sqlite3"
        if migrated:
            database.copy("", str(path))
        return Plant(f"sqlite:///{path}", folder / f"{name}-files")
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    if migrated:
        database.copy(url, name)
    else:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{name}"')
    return Plant(named(url, name), folder / f"{name}-files")


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """A plant with a row and a stored file."""
    plant = made(tmp_path, "care_old", migrated=True)
    plant.files.put(KEY, PAPER, "text/plain")
    plant.asked("INSERT INTO people_registrationtry (telegram_id, wrong) VALUES (7, 3)")
    return plant


@pytest.fixture
def empty(tmp_path: Path) -> Plant:
    """An empty server."""
    return made(tmp_path, "care_new", migrated=False)


@pytest.fixture
def copy(plant: Plant, tmp_path: Path) -> Path:
    """A copy of that plant."""
    plant.copied(tmp_path / "copy")
    return tmp_path / "copy"


def test_a_copy_brought_to_an_empty_server_is_the_same_plant(
    plant: Plant, empty: Plant, copy: Path
) -> None:
    assert standing(empty.database, empty.files).empty
    empty.brought(copy)
    assert empty.asked(TRIES) == [(7, 3)]
    assert empty.files.get(KEY) == PAPER
    assert empty.database.census() == plant.database.census()
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):  # with its constraints
        empty.asked("INSERT INTO people_registrationtry (telegram_id, wrong) VALUES (7, 1)")


def test_a_copy_is_read_by_nobody_but_its_owner(copy: Path) -> None:
    assert copy.stat().st_mode & 0o777 == 0o700


def test_who_reads_a_copy_finds_no_stay_to_enter_the_office_by(
    plant: Plant, empty: Plant, tmp_path: Path
) -> None:
    stay = "a_stay_that_is_a_key_to_the_office"
    plant.asked(
        "INSERT INTO django_session (session_key, session_data, expire_date) "
        f"VALUES ('{stay}', 'x', '2099-01-01 00:00:00')"
    )
    manifest = plant.copied(tmp_path / "copy")
    assert manifest.census.tables["django_session"] == 0
    assert stay.encode() not in (tmp_path / "copy" / manifest.database).read_bytes()
    empty.brought(tmp_path / "copy")
    assert empty.asked("SELECT * FROM django_session") == []
    assert plant.asked("SELECT session_key FROM django_session") == [(stay,)]


def test_what_was_there_gives_way_to_the_copy(plant: Plant, copy: Path) -> None:
    plant.asked("UPDATE people_registrationtry SET wrong = 9")
    plant.files.put(KEY, b"another", "text/plain")
    plant.brought(copy)
    assert plant.asked(TRIES) == [(7, 3)]
    assert plant.files.get(KEY) == PAPER


@pytest.mark.parametrize("which", ["file", "database"])
def test_a_spoilt_copy_is_named_and_touches_nothing(empty: Plant, copy: Path, which: str) -> None:
    path = copy / "files" / KEY if which == "file" else copy / empty.database.file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CareError, match=path.name):
        empty.brought(copy)
    assert standing(empty.database, empty.files).empty


def test_a_database_that_cannot_be_brought_back_leaves_the_one_that_is_there(
    plant: Plant, copy: Path
) -> None:
    plant.asked("UPDATE people_registrationtry SET wrong = 9")
    spoilt = copy / plant.database.file
    spoilt.write_bytes(spoilt.read_bytes()[:30_000])
    with pytest.raises(CareError):
        plant.database.load(spoilt, silent)
    assert plant.asked(TRIES) == [(7, 9)]


def test_a_copy_of_a_newer_program_is_refused(plant: Plant, empty: Plant, copy: Path) -> None:
    manifest = looked_through(copy, silent)
    later = [*manifest.census.migrations, "work.9999_of_tomorrow"]
    newer = manifest.census.model_copy(update={"migrations": later})
    manifest = manifest.model_copy(update={"census": newer})
    with pytest.raises(CareError, match="9999_of_tomorrow"):
        bring_back(copy, manifest, empty.database, empty.files, silent)
    assert standing(empty.database, empty.files).empty


def test_a_copy_never_takes_the_place_of_another(plant: Plant, copy: Path) -> None:
    before = (copy / MANIFEST).read_bytes()
    with pytest.raises(CareError, match="уже есть"):
        plant.copied(copy)
    assert (copy / MANIFEST).read_bytes() == before


def test_files_that_are_lost_or_changed_are_told_by_their_keys(
    plant: Plant, tmp_path: Path
) -> None:
    other = Kept(size=1, sha256="0" * 64)
    made = plant.copied(tmp_path / "other", **{KEY: other, "upd/2026/11/lost": other})
    assert made.missing == ["upd/2026/11/lost"]
    assert made.damaged == [KEY]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the forms of a plant, as small as they can be."""
    base = tmp_path / "place"
    for name in ("ours/menu.yaml", "templates/act/layout.docx", "locales/en/LC_MESSAGES/x.po"):
        (base / name).parent.mkdir(parents=True)
        (base / name).write_text("as the plant has it", "utf-8")
    monkeypatch.setattr("crm.bridge.program.settings", lambda: Settings.model_construct(
        flows_dir=base / "ours"
    ))  # fmt: skip
    return base


def shipped(base: Path) -> None:
    """Let a folder have the forms that the program comes with."""
    for path in base.rglob("*.*"):
        path.write_text("as it is shipped", "utf-8")
    (base / "ours/new.yaml").write_text("of the program alone", "utf-8")


def test_an_empty_server_gets_the_forms_of_the_plant_and_not_those_of_the_program(
    plant: Plant, place: Path, tmp_path: Path
) -> None:
    manifest = plant.copied(tmp_path / "other")
    before = lying()
    shipped(place)
    assert put_back(tmp_path / "other", looked_through(tmp_path / "other", silent)) == 4
    assert lying() == before
    assert set(manifest.forms) == before.keys() == {
        "flows/menu.yaml", "templates/act/layout.docx", "locales/en/LC_MESSAGES/x.po",
    }  # fmt: skip


def test_translations_of_another_version_of_the_program_stay(
    plant: Plant, place: Path, tmp_path: Path
) -> None:
    manifest = plant.copied(tmp_path / "other").model_copy(update={"program": "0.0.9"})
    shipped(place)
    put_back(tmp_path / "other", manifest)
    now = lying()
    assert now["flows/menu.yaml"] == b"as the plant has it"
    assert now["locales/en/LC_MESSAGES/x.po"] == b"as it is shipped"


@pytest.mark.parametrize("name", ["flows/../../out.yaml", "elsewhere/menu.yaml", "/etc/x.yaml"])
def test_a_copy_writes_to_no_place_outside_the_forms(
    plant: Plant, place: Path, tmp_path: Path, name: str
) -> None:
    manifest = plant.copied(tmp_path / "other")
    before = lying()
    foreign = manifest.model_copy(update={"forms": {name: manifest.forms["flows/menu.yaml"]}})
    with pytest.raises(CareError, match="вне форм"):
        put_back(tmp_path / "other", foreign)
    assert lying() == before


def test_a_spoilt_form_of_a_copy_is_named(plant: Plant, place: Path, tmp_path: Path) -> None:
    plant.copied(tmp_path / "other")
    (tmp_path / "other" / FORMS / "flows/menu.yaml").write_text("of somebody else", "utf-8")
    with pytest.raises(CareError, match=r"forms/flows/menu\.yaml"):
        looked_through(tmp_path / "other", silent)


def test_the_commands_replace_a_plant_only_when_that_is_asked_for(
    plant: Plant, tmp_path: Path
) -> None:
    def asked(*arguments: str) -> subprocess.CompletedProcess[str]:
        own = {"MEATBOT_DEMO": "1", "DATABASE_URL": plant.url, "FILES_DIR": str(plant.folder)}
        return ran([ROOT / "cli.py", *arguments], env=os.environ | own)

    copy = str(tmp_path / "copy")
    done = asked("backup", copy)
    assert done.returncode == 0, done.stderr
    assert f"Копия {copy}: строк " in done.stdout
    assert "Последняя печать истории: " in done.stdout
    assert (tmp_path / "copy" / FORMS / "flows/project.yaml").is_file()
    plant.asked("UPDATE people_registrationtry SET wrong = 9")
    refused = asked("restore", copy)
    assert refused.returncode == 1
    assert "--apply" in refused.stderr
    assert plant.asked(TRIES) == [(7, 9)]
    done = asked("restore", copy, "--apply")
    assert done.returncode == 0, done.stderr
    assert "формы: те же" in done.stdout
    assert plant.asked(TRIES) == [(7, 3)]
