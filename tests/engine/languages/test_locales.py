"""The translations that are shipped: complete in every language of the plant, and compiled."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from engine.check.spoken import texts as findings
from engine.load.project import Project, load_project
from engine.load.texts import Locales, locales_of

ROOT = Path(__file__).resolve().parents[3]


def shipped() -> Project:
    project, _ = load_project(ROOT / "flows")
    assert project is not None
    return project


@pytest.fixture(scope="module")
def locales() -> Locales:
    return locales_of(ROOT / "locales", ROOT, shipped(), findings())


@pytest.mark.parametrize("domain", ["bot", "flows", "django"])  # findings: test_spoken
def test_english_says_everything(locales: Locales, domain: str):
    state = locales.status()["en", domain]
    assert (state.missing, state.stale, state.broken) == ((), (), ())


def test_a_language_is_added_by_its_folder_and_its_line(tmp_path: Path):
    flows = tmp_path / "flows"
    for name in ("project.yaml", "menu.yaml", "limits.yaml", ".vocabulary.json"):
        (flows / name).parent.mkdir(exist_ok=True)
        (flows / name).write_bytes((ROOT / "flows" / name).read_bytes())
    project = flows / "project.yaml"
    text = project.read_text(encoding="utf-8")
    added = text.replace("en: English}", "en: English, xx: Pseudo}")
    project.write_text(added, encoding="utf-8")
    where = ["--flows", str(flows), "--locales", str(tmp_path / "locales")]
    done = CliRunner().invoke(app, ["texts", "extract", *where, "--pseudo"])
    assert done.exit_code == 0, done.output
    status = CliRunner().invoke(app, ["texts", "status", *where])
    lines = [line for line in status.output.splitlines() if line.startswith("xx ")]
    assert len(lines) == 4
    assert all("нет 0, устарело 0, с другими подстановками 0" in line for line in lines)


def test_status_says_what_is_left_and_fails(tmp_path: Path):
    where = ["--flows", str(ROOT / "flows"), "--locales", str(tmp_path)]
    status = CliRunner().invoke(app, ["texts", "status", *where])
    assert status.exit_code == 1
    assert "нет         project:roles.receiver: Приёмщик сырья" in status.output
