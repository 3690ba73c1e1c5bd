"""The past of a demo plant: built once, kept while nothing that made it changes, copied for each
start."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from crm.plant.past import DATABASE, FILES, Past, digest, last_morning
from crm.plant.processes import ProcessFailed
from tests.past import Migrated

NOW = datetime(2026, 11, 26, 15, 0)  # noqa: DTZ001 - a moment of the plant


def test_code_forms_and_layouts_make_another_past_and_readmes_do_not(tmp_path: Path) -> None:
    for name in ("crm/a.py", "flows/b.yaml", "templates/c.docx", "crm/README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    made = {digest(tmp_path)}
    (tmp_path / "crm/README.md").write_text("2")
    assert digest(tmp_path) in made
    for name in ("crm/a.py", "flows/b.yaml", "templates/c.docx"):
        (tmp_path / name).write_text("2")
        made.add(digest(tmp_path))
    assert len(made) == 4


def test_days_end_with_the_night_before_the_show() -> None:
    assert last_morning(NOW).isoformat() == "2026-11-26"
    assert Past(7, NOW).begins.isoformat() == "2026-11-19"
    assert Past(0.2, NOW).begins.isoformat() == "2026-11-25"


def test_what_is_built_is_copied_and_what_is_of_other_code_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    past = Migrated(0.02, NOW, tmp_path / "kept")
    old = tmp_path / "kept" / "2026-11-01-1-0123456789abcdef"
    old.mkdir(parents=True)
    into = tmp_path / "demo"
    into.mkdir()
    past.fetch(into, {"MEATBOT_DEMO": "1"})
    assert not old.exists()
    with sqlite3.connect(into / DATABASE) as rows:
        assert rows.execute("SELECT count(*) FROM people_person").fetchone()[0] >= 40
        assert rows.execute("SELECT count(*) FROM work_update").fetchone()[0] > 0
    assert (into / FILES).is_dir()
    (past.folder / DATABASE).write_bytes(b"the same again")
    past.fetch(into, {})
    assert (into / DATABASE).read_bytes() == b"the same again"


def test_a_past_that_cannot_be_built_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    past = Migrated(0.02, NOW, tmp_path)
    with pytest.raises(ProcessFailed, match="не построились"):
        past.fetch(tmp_path, {"MINIO_ENDPOINT": "127.0.0.1:1"})
    assert [one.name for one in tmp_path.iterdir()] == [".lock"]  # who else builds it
