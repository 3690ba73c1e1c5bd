"""Findings are printed for people, programs, code scanning and CI, in two languages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.check.example import FLOW, write
from engine.check.formats import as_annotations
from engine.check.paths import NoProject, asked
from engine.check.rules import RULES
from engine.check.spoken import catalogue, in_language
from engine.check.validation import Validation, validate
from engine.errors import Finding, Place, say


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """The small project with two mistakes in its flow."""
    folder = write(tmp_path)
    path = tmp_path / FLOW
    text = path.read_text("utf-8").replace("when: weight > 10", "when: condition == frozn", 1)
    path.write_text(text.replace("    prompt: Бирок\n", "    promt: Бирок\n"), "utf-8")
    return folder


def at(found: Validation) -> list[tuple[str, int, int]]:
    return [(one.code, one.place.line, one.place.column) for one in found.findings]


def test_sarif_names_rules_regions_and_remedies(flows: Path) -> None:
    found = validate([flows], "ru")
    log = json.loads(found.printed("sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == list(RULES)
    assert len(run["results"]) == len(found.findings) == 2
    result = next(one for one in run["results"] if one["ruleId"] == "F305")
    assert rules[result["ruleIndex"]] == "F305"
    where = result["locations"][0]["physicalLocation"]
    assert where["artifactLocation"] == {"uri": FLOW}
    assert where["region"] == {"startLine": 36, "startColumn": 24, "endColumn": 29}
    assert "frozen" in result["message"]["text"]


def test_annotations_escape_what_workflow_commands_read() -> None:
    place = Place("flows/a,b.yaml", 3, 7, 4)
    shown = as_annotations([Finding(place, "F101", "50 % на\nдве строки", "совет: да")])
    assert shown == (
        "::error file=flows/a%2Cb.yaml,line=3,col=7,endColumn=11,title=F101::"
        "50 %25 на%0Aдве строки%0Aсовет: да"
    )


def test_every_format_tells_of_the_same_findings(flows: Path) -> None:
    found = validate([flows], "ru")
    listed = json.loads(found.printed("json"))
    assert [(one["code"], one["line"], one["column"]) for one in listed] == at(found)
    assert found.printed("ci").count("::error ") == len(found.findings)
    assert found.printed("text").endswith("Ошибок: 2")


def test_findings_are_said_in_english(flows: Path) -> None:
    shown = validate([flows], "en").printed("text")
    assert "error F305: field condition has no option «frozn»" in shown
    assert "did you mean «frozen»? options: chilled, frozen" in shown
    assert shown.endswith("Findings: 2")


def test_holes_of_a_text_are_said_in_the_same_language() -> None:
    text = say("нет вида {word} «{first}»", word="шага", first="nmber")
    assert in_language(text, catalogue("en")) == "there is no kind of step «nmber»"
    assert in_language(text, catalogue("ru")) == "нет вида шага «nmber»"


def test_a_file_is_checked_in_its_project_and_only_its_findings_are_shown(flows: Path) -> None:
    assert at(validate([flows.parent / FLOW], "ru")) == at(validate([flows], "ru"))
    assert at(validate([flows / "area"], "ru")) == at(validate([flows], "ru"))
    assert at(validate([flows / "limits.yaml", flows / "menu.yaml"], "ru")) == []


def test_paths_below_the_running_folder_are_shown_from_it(
    flows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(flows.parent.parent)
    paths = {one.place.path for one in validate([flows], "ru").findings}
    assert paths == {f"{flows.parent.name}/{FLOW}"}
    assert validate([flows], "ru").printed("text").count("^") > 5


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_path_without_a_project_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(NoProject):
        asked([tmp_path / name])


def test_templates_belong_to_the_flows_beside_them(flows: Path) -> None:
    layout = flows.parent / "templates" / "act" / "document.yaml"
    layout.parent.mkdir(parents=True, exist_ok=True)
    layout.write_text("document: act\n", "utf-8")
    (one,) = asked([layout])
    assert (one.folder, one.within) == (flows, ("templates/act/document.yaml",))
    assert {finding.code for finding in validate([layout], "ru").findings} == {"F105"}


def test_a_place_is_what_counts_for_a_findings_equality() -> None:
    finding = Finding(Place("a.yaml"), "F101", "файл пуст")
    assert finding == replace(finding, message=say("файл {what}", what="пуст"))
