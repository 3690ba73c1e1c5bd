"""Every rule finds the mistake of its example at its exact place, and nothing in the example done
right."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.check.checked import check_folder
from engine.check.example import write
from engine.check.rule import Example
from engine.check.rules import RULES
from engine.errors import Finding, Place

EXAMPLES = [
    pytest.param(code, example, id=f"{code}-{at}")
    for code, rule in RULES.items()
    for at, example in enumerate(rule.examples)
]


def findings(folder: Path, example: Example | None, text: str) -> tuple[tuple[Finding, ...], Place]:
    """Return what is found in the small project after an edit, and where its token stands."""
    flows = write(folder)
    if example is None:
        return check_folder(flows).findings, Place("")
    path = folder / example.file
    before = path.read_text("utf-8")
    assert before.count(example.find) >= 1
    start = before.index(example.find)
    after = before.replace(example.find, text, 1)
    path.write_text(after, "utf-8")
    token = start + text.index(example.at) if example.at in text else after.find(example.at)
    line = after.count("\n", 0, token) + 1
    column = token - after.rfind("\n", 0, token)
    return check_folder(flows).findings, Place(example.file, line, column)


def test_every_rule_has_an_example() -> None:
    assert [code for code, rule in RULES.items() if not rule.examples] == []
    assert len(RULES) >= 20


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_the_mistake_of_an_example_is_found_at_its_place(
    code: str, example: Example, tmp_path: Path
) -> None:
    found, place = findings(tmp_path, example, example.bad)
    assert [finding.code for finding in found] == [code]
    at = found[0].place
    assert (at.path, at.line, at.column) == (place.path, place.line, place.column)
    assert example.hint in found[0].hint


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_the_example_done_right_has_no_findings(
    code: str, example: Example, tmp_path: Path
) -> None:
    found, _ = findings(tmp_path, example, example.good)
    assert found == (), code


def test_the_small_project_itself_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, None, "")[0] == ()
