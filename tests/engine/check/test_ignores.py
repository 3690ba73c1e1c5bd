"""An ignored finding needs a reason, and an ignore needs a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.check.checked import check_folder
from engine.check.example import FLOW, write

WHEN = "    when: weight > 10\n"


def found(folder: Path, *edits: tuple[str, str]) -> list[tuple[str, int, int]]:
    """Return the codes and places found in the small project after edits of its flow."""
    flows = write(folder)
    text = (folder / FLOW).read_text("utf-8")
    for find, put in edits:
        assert find in text
        text = text.replace(find, put, 1)
    (folder / FLOW).write_text(text, "utf-8")
    findings = check_folder(flows).findings
    return [(one.code, one.place.line, one.place.column) for one in findings]


@pytest.mark.parametrize(
    "put",
    [
        "    when: 1 > 2  # flow: ignore F307 -- пока нет второго склада\n",
        "    when: 1 > 2 # flow: ignore F307 -- пока нет второго склада\n",
        "    # flow: ignore F307 -- пока нет второго склада\n    when: 1 > 2\n",
        "    #flow: ignore  F307,F308  -- пока нет второго склада\n    when: 1 / (2 - 2) > 2\n",
    ],
)
def test_a_finding_with_a_reason_is_let_stand(put: str, tmp_path: Path) -> None:
    codes = [code for code, _, _ in found(tmp_path, (WHEN, put))]
    assert codes in ([], ["F109"])  # the second code of two may cover nothing


def test_an_ignore_covers_its_line_alone(tmp_path: Path) -> None:
    put = "    # flow: ignore F307 -- пока так\n    hint: Кг\n    when: 1 > 2\n"
    assert [code for code, _, _ in found(tmp_path, (WHEN, put))] == ["F109", "F307"]


def test_a_text_that_looks_like_an_ignore_is_a_text(tmp_path: Path) -> None:
    put = '    prompt: "Мест # flow: ignore F307"\n'
    assert found(tmp_path, ("    prompt: Мест\n", put)) == []


def test_an_ignore_in_a_broken_file_is_not_called_unused(tmp_path: Path) -> None:
    put = "    when: 1 > 2  # flow: ignore F307 -- пока так\n    promt: x\n"
    assert [code for code, _, _ in found(tmp_path, (WHEN, put))] == ["F103"]
