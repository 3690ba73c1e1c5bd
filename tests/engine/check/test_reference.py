"""The authoring manual: its reference is fresh and Russian, and every example in it runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from engine.actions.registry import KINDS as ACTIONS
from engine.check.checked import check_folder
from engine.check.reference import reference, texts, translations
from engine.load.project import load_project
from engine.steps.registry import KINDS as STEPS
from engine.talk.rehearse import rehearse

ROOT = Path(__file__).resolve().parents[3]
MANUAL = (ROOT / "flows/README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", MANUAL, re.MULTILINE | re.DOTALL)
EXAMPLES = {language: text for language, text in BLOCKS if language}
NAME = "truck_check"
UNTRANSLATED = "F211"  # the examples are of the manual alone, no language has them


def test_the_reference_is_fresh():
    written = (ROOT / "flows/REFERENCE.md").read_text("utf-8")
    assert written == reference(ROOT / "locales"), "cli.py reference --write"


def test_every_text_of_the_reference_is_in_russian_and_none_is_left_over():
    russian = translations(ROOT / "locales")
    assert [text for text in texts() if text not in russian] == []
    assert sorted(set(russian) - set(texts())) == []


def test_the_reference_has_every_kind_of_step_and_action():
    page = reference(ROOT / "locales")
    missing = [kind for kind in (*STEPS, *ACTIONS) if f"### `{kind}`" not in page]
    assert missing == []


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """Return a copy of the flows with the examples of the manual laid into it."""
    for folder in ("flows", "templates", "locales"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    flows = tmp_path / "flows"
    for path in flows.rglob("*.talk"):
        path.unlink()
    blocks = [text for language, text in BLOCKS if language == "yaml"]
    report = next(text for text in blocks if text.startswith("report:"))
    forms = {text.split()[1]: text for text in blocks if text.startswith("flow:")}
    assert NAME in forms
    for name, form in forms.items():
        (flows / f"receiving/{name}.yaml").write_text(form, "utf-8")
    (flows / f"receiving/{NAME}.talk").write_text(EXAMPLES["talk"], "utf-8")
    (flows / "reports/raw_stock.yaml").write_text(report, "utf-8")
    with (flows / "menu.yaml").open("a", encoding="utf-8") as menu:
        for name, form in forms.items():
            title = re.findall("^title: ([^#\n]+?) *(?:#.*)?$", form, re.MULTILINE)[0]
            menu.write(f"- {{title: {title}, flow: {name}, roles: [receiver]}}\n")
    return flows


def test_the_examples_of_the_manual_have_no_finding(flows: Path):
    found = [one for one in check_folder(flows).findings if one.code != UNTRANSLATED]
    assert [f"{one.place} {one.code} {one.message}" for one in found] == []


def test_the_talk_of_the_manual_plays_on_its_form(flows: Path):
    project, findings = load_project(flows)
    assert project is not None
    assert findings == ()
    (played,) = rehearse(flows, project, NAME).played
    assert played.error is None


def test_the_manual_names_every_kind_of_step_and_action():
    missing = [kind for kind in (*STEPS, *ACTIONS) if f"`{kind}`" not in MANUAL]
    assert missing == []
